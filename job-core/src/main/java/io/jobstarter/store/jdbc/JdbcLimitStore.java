package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import io.jobstarter.Audit;
import io.jobstarter.JobId;
import io.jobstarter.JobLimits.KeyInfo;
import io.jobstarter.JobLimits.LimitInfo;
import io.jobstarter.store.LimitStore;

/**
 * What operators see and set of keys.
 */
final class JdbcLimitStore implements LimitStore {

	private static final int MOST_COUNTED = 1_000;

	private static final String LIMITS = """
			select n.name, n.used, n.running, l.permits, l.changed_by, l.reason
			from (select u.name, sum(u.used) as used, sum(u.running) as running
			      from (select limit_name as name, 1 as used, running from background_job_key
			            union all
			            select name, 0 as used, 0 as running from background_job_limit) u
			      group by u.name) n
			left join background_job_limit l on l.name = n.name
			order by n.name
			""";

	private static final String KEYS = """
			select k.name, k.running, k.permits, k.waiting from background_job_key k
			where k.limit_name = :limit
			order by k.waiting desc, k.running desc, k.name fetch first :count rows only
			""";

	private static final String KEY = """
			select k.name, k.running, k.permits, k.waiting from background_job_key k where k.name = :name
			""";

	private static final String WAITING = """
			select count(*) from (
			    select id from background_job_job
			    where state = 3 and blocked_by = :name fetch first :limit rows only) w
			""";

	private static final String WAITING_BEFORE = """
			select count(*) from (
			    select o.id from background_job_job o
			    join background_job_job j on j.id = :id
			    where o.state = 3 and o.blocked_by = :name
			      and (o.front and not j.front or o.front = j.front and o.seq < j.seq)
			    fetch first :limit rows only) w
			""";

	private static final String RESET = """
			delete from background_job_limit where name = :name
			""";

	private final CallersTransaction transaction;

	private final Statements statements;

	private final Dialect dialect;

	private final WaitingJobs waiting;

	private final Signal signal;

	JdbcLimitStore(CallersTransaction transaction, Statements statements, Dialect dialect, Signal signal) {
		this.transaction = transaction;
		this.statements = statements;
		this.dialect = dialect;
		this.waiting = new WaitingJobs(statements, dialect);
		this.signal = signal;
	}

	@Override
	public List<LimitInfo> limits() {
		return this.transaction.read(() -> this.statements.of(LIMITS).query((row, number) -> limit(row)).list());
	}

	private static LimitInfo limit(ResultSet row) throws SQLException {
		return new LimitInfo(row.getString("name"), row.getLong("used"), row.getLong("running"),
				row.getObject("permits", Integer.class), row.getString("changed_by"), row.getString("reason"));
	}

	@Override
	public List<KeyInfo> keys(String limit, int count) {
		return this.transaction.read(() -> this.statements.of(KEYS)
			.param("limit", limit)
			.param("count", count)
			.query((row, number) -> key(row))
			.list()
			.stream()
			.map(this::counted)
			.toList());
	}

	@Override
	public Optional<KeyInfo> key(String id) {
		return this.transaction.read(() -> this.statements.of(KEY)
			.param("name", id)
			.query((row, number) -> key(row))
			.optional()
			.map(this::counted));
	}

	// Only where jobs may wait.
	private KeyInfo counted(KeyInfo key) {
		if (key.waiting() == 0) {
			return key;
		}
		long waiting = this.statements.of(WAITING)
			.param("name", key.id())
			.param("limit", MOST_COUNTED)
			.query(Long.class)
			.single();
		return new KeyInfo(key.id(), key.running(), key.permits(), waiting);
	}

	private static KeyInfo key(ResultSet row) throws SQLException {
		return new KeyInfo(row.getString("name"), row.getInt("running"), row.getInt("permits"), row.getInt("waiting"));
	}

	@Override
	public int waitingBefore(String id, JobId job, int limit) {
		return this.transaction.read(() -> this.statements.of(WAITING_BEFORE)
			.param("name", id)
			.param("id", job.value())
			.param("limit", limit)
			.query(Integer.class)
			.single());
	}

	@Override
	public Optional<JobId> head(String id) {
		return this.transaction
			.read(() -> Optional.ofNullable(this.waiting.heads(List.of(id)).get(id)).map(JobId::new));
	}

	@Override
	public void set(String limit, int permits, Audit audit) {
		this.transaction.write(() -> this.statements.of(this.dialect.setLimit())
			.param("name", limit)
			.param("permits", permits)
			.param("by", audit.by())
			.param("why", audit.why())
			.update());
	}

	@Override
	public boolean reset(String limit) {
		return this.transaction.write(() -> this.statements.of(RESET).param("name", limit).update()) == 1;
	}

	@Override
	public void announce() {
		this.signal.raise();
	}

}
