package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.jobstarter.LimitKey;
import io.jobstarter.store.KeyStore;
import io.jobstarter.store.Lane;
import io.jobstarter.store.jdbc.KeyRows.Change;

/**
 * Keeps the rows of keys in step with the rows of jobs.
 */
final class JdbcKeyStore implements KeyStore {

	private static final String WAITED_FOR = """
			select exists (select 1 from background_job_job where state = 3)
			""";

	private static final String UNTOUCHED = """
			select name from background_job_key
			where running <> 0
			  and touched_at < clock_timestamp() - cast(:age as bigint) * interval '0.000001' second
			order by name fetch first :limit rows only
			""";

	// Reads the whole table: no index holds the worker, so that claims are cheap.
	private static final String HOLDERS = """
			select limits from background_job_job where limits is not null and worker is not null
			""";

	// One statement sees one state of the database, in which what is counted is held.
	private static final String COUNTED_AND_HELD = """
			select name, running, cast(null as varchar) as limits from background_job_key
			union all
			select cast(null as varchar), 0, limits from background_job_job
			where limits is not null and worker is not null and exists (select 1 from background_job_key)
			""";

	private static final String IDLE = """
			select name from background_job_key k
			where running = 0 and touched_at < clock_timestamp() - cast(:age as bigint) * interval '0.000001' second
			  and not exists (select 1 from background_job_job j where j.state = 3 and j.blocked_by = k.name)
			order by name fetch first :limit rows only
			""";

	private static final String DELETE = """
			delete from background_job_key where name = :name
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Reads reads;

	private final Dialect dialect;

	private final KeyRows rows;

	private final WaitingJobs waiting;

	private final Signal signal;

	JdbcKeyStore(EngineTransactions transactions, Statements statements, Reads reads, Dialect dialect, KeyRows rows,
			Signal signal) {
		this.signal = signal;
		this.transactions = transactions;
		this.statements = statements;
		this.reads = reads;
		this.dialect = dialect;
		this.rows = rows;
		this.waiting = dialect.waitingJobs(statements);
	}

	@Override
	public void listen(Runnable changed) {
		this.signal.add(changed);
	}

	@Override
	public boolean isWaitedFor() {
		return this.reads.querySmall(WAITED_FOR, Map.of(), (row, number) -> row.getBoolean(1)).get(0);
	}

	@Override
	public Set<Lane> release(int limit) {
		Set<Lane> lanes = new HashSet<>();
		for (String name : this.reads.query(this.dialect.keysWithRoom(), Map.of("limit", limit),
				(row, number) -> row.getString(1))) {
			lanes.addAll(this.transactions.execute(() -> release(name)).lanes());
		}
		return lanes;
	}

	// Somebody may have deleted the row, or an operator may have allowed none until now:
	// then it is not known how many may run, but one may, and its claim says it. Whoever
	// has the row locked may keep it for long: the other keys do not wait for that.
	private ReleasedJobs release(String name) {
		ReleasedJobs released = new ReleasedJobs();
		this.rows.ensure(name, LimitKey.groupOf(name), 1);
		Map<String, Integer> set = this.rows.setByOperators(List.of(LimitKey.groupOf(name)));
		this.rows.lockUnlessLocked(List.of(name)).forEach((key, row) -> {
			int permits = LimitKey.isOrder(key) ? 1
					: set.getOrDefault(LimitKey.groupOf(key), Math.max(row.permits(), 1));
			if (permits > row.running()) {
				boolean more = this.waiting.release(key, permits - row.running(), released);
				this.rows.change(List.of(new Change(key, 0, more, permits)));
			}
		});
		return released;
	}

	@Override
	public int recount(Duration untouched, int limit) {
		List<String> names = names(UNTOUCHED, untouched, limit);
		return names.isEmpty() ? 0 : this.transactions.execute(() -> recount(names));
	}

	// Behind the lock: who holds one of them by then is committed, and nobody comes or
	// goes meanwhile.
	private int recount(List<String> names) {
		Map<String, KeyRows.KeyRow> locked = this.rows.lock(names);
		Map<String, Integer> holders = new HashMap<>();
		this.statements.of(HOLDERS).query((row) -> {
			LimitKey.parse(row.getString("limits")).forEach((key) -> holders.merge(key.id(), 1, Integer::sum));
		});
		List<Change> changes = new ArrayList<>();
		locked.forEach((name, row) -> changes.add(Change.of(name, holders.getOrDefault(name, 0) - row.running())));
		this.rows.change(changes);
		return (int) changes.stream().filter((change) -> change.delta() != 0).count();
	}

	@Override
	public int compare(int limit) {
		Map<String, Integer> counted = new TreeMap<>();
		Map<String, Integer> held = new HashMap<>();
		this.transactions.execute(() -> {
			this.statements.of(COUNTED_AND_HELD).query((row) -> {
				String name = row.getString("name");
				if (name != null) {
					counted.put(name, row.getInt("running"));
				}
				LimitKey.parse(row.getString("limits")).forEach((key) -> held.merge(key.id(), 1, Integer::sum));
			});
			return true;
		});
		List<String> wrong = counted.entrySet()
			.stream()
			.filter((key) -> !key.getValue().equals(held.getOrDefault(key.getKey(), 0)))
			.map(Map.Entry::getKey)
			.limit(limit)
			.toList();
		return wrong.isEmpty() ? 0 : this.transactions.execute(() -> recount(wrong));
	}

	@Override
	public int tidy(Duration idle, int limit) {
		List<String> names = names(IDLE, idle, limit);
		return names.isEmpty() ? 0 : this.transactions.execute(() -> delete(names, idle));
	}

	private int delete(List<String> names, Duration idle) {
		this.rows.lock(names);
		List<String> stillIdle = names(IDLE, idle, names.size()).stream().filter(names::contains).toList();
		return stillIdle.stream().mapToInt((name) -> this.statements.of(DELETE).param("name", name).update()).sum();
	}

	private List<String> names(String statement, Duration age, int limit) {
		return this.statements.of(statement)
			.param("age", Values.micros(age))
			.param("limit", limit)
			.query(String.class)
			.list();
	}

}
