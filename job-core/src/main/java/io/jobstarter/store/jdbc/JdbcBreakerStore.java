package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.BreakerState;
import io.jobstarter.store.BreakerChange;
import io.jobstarter.store.BreakerRow;
import io.jobstarter.store.BreakerStore;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;

import org.springframework.dao.DuplicateKeyException;

/**
 * The circuit breakers of the fleet and the jobs that wait for them. Where both are
 * changed, the breaker is locked first.
 */
final class JdbcBreakerStore implements BreakerStore {

	static final String BUSY = """
			select exists (select 1 from background_job_breaker where state <> 'CLOSED')
			    or exists (select 1 from background_job_job where state = 2)
			""";

	// Without locks: databases that lock what a sorted statement meets would lock more.
	private static final String PARKED = """
			select id, queue from background_job_job
			where state = 2 and blocked_by = :parking and front = :front
			order by seq fetch first :limit rows only
			""";

	private static final String PARKED_TO_PROBE = """
			select id, queue from background_job_job
			where state = 2 and blocked_by = :parking and front = :front
			  and name = any (cast(:names as varchar array))
			  and not exists (select 1 from background_job_queue p where p.paused_at is not null
			      and (p.name = queue or left(queue, char_length(p.name) + 1) = concat(p.name, '#')))
			  and not (queue = any (cast(:others as varchar array)))
			order by seq fetch first :limit rows only
			""";

	private static final String LOCK_PARKED = """
			select id from background_job_job
			where id = any (cast(:ids as bigint array)) and state = 2 and blocked_by = :parking
			for update skip locked
			""";

	private static final String TAKEN = """
			select id, seq, queue, priority, front, name, payload, attempt, crashes, rule_counts,
			    created_at, due_at, claimed_at, headers, tags, limits
			from background_job_job
			where id = any (cast(:ids as bigint array)) and worker = :worker and claim = :claim
			order by front desc, seq
			""";

	private static final String LANES = """
			select distinct queue, priority, front from background_job_job
			where id = any (cast(:ids as bigint array))
			""";

	private static final String FORGET = """
			delete from background_job_breaker
			where state = 'CLOSED'
			  and changed_at < clock_timestamp() - cast(:closedFor as bigint) * interval '0.000001' second
			""";

	private static final String CLOSE_UNPROBED = """
			update background_job_breaker
			set state = 'CLOSED', generation = generation + 1, openings = 0, open_until = null, prober = null,
			    reason = 'nobody probed it', changed_at = clock_timestamp(), changed_by = 'maintenance'
			where state = 'OPEN'
			    and open_until < clock_timestamp() - cast(:unprobedFor as bigint) * interval '0.000001' second
			  or state = 'HALF_OPEN'
			    and changed_at < clock_timestamp() - cast(:unprobedFor as bigint) * interval '0.000001' second
			    and not exists (select 1 from background_job_worker w
			                    where w.id = background_job_breaker.prober and w.dead_at is null
			                      and w.expires_at > clock_timestamp())
			""";

	/** How many parked jobs are looked at to find one that a node has room for. */
	private static final int PROBES_LOOKED_AT = 100;

	private static final int LOOKS_FOR_PROBES = 10;

	/** No queue has this name; an empty list is not one that every database takes. */
	private static final String NO_QUEUE = "";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Reads reads;

	private final Dialect dialect;

	private final BreakerRows rows;

	private final KeyPermits permits;

	JdbcBreakerStore(EngineTransactions transactions, Statements statements, Reads reads, Dialect dialect,
			KeyPermits permits) {
		this.permits = permits;
		this.transactions = transactions;
		this.statements = statements;
		this.reads = reads;
		this.dialect = dialect;
		this.rows = new BreakerRows(statements, dialect);
	}

	@Override
	public boolean isBusy() {
		return this.reads.query(BUSY, Map.of(), (row, number) -> row.getBoolean(1)).get(0);
	}

	@Override
	public Snapshot read() {
		List<BreakerRow> breakers = this.reads.query(BreakerRows.NOT_CLOSED, Map.of(),
				(row, number) -> BreakerRows.row(row));
		Set<String> parked = this.reads
			.query(this.dialect.parkedFor(), Map.of(), (row, number) -> Optional.ofNullable(row.getString(1)))
			.stream()
			.flatMap(Optional::stream)
			.map(BreakerRow::breakerOf)
			.filter(Objects::nonNull)
			.collect(Collectors.toSet());
		return new Snapshot(breakers, parked);
	}

	@Override
	public Change open(BreakerChange change, Duration ago) {
		ensure(change.name());
		return this.transactions.execute(() -> {
			BreakerRow row = this.rows.lock(change.name());
			boolean open = row.state() == BreakerState.CLOSED && !this.rows.hasChangedSince(change.name(), ago)
					&& this.rows.change(change, row.generation());
			return new Change(open, this.rows.read(change.name()));
		});
	}

	// Apart from the transaction that needs the row: another may insert it as well.
	private void ensure(String name) {
		try {
			this.transactions.execute(() -> {
				this.rows.ensure(name);
				return name;
			});
		}
		catch (DuplicateKeyException ex) {
			// That is as good.
		}
	}

	@Override
	public Change change(BreakerChange change, long generation) {
		return this.transactions.execute(() -> {
			boolean made = this.rows.change(change, generation);
			return new Change(made, this.rows.read(change.name()));
		});
	}

	@Override
	public Probe probe(ProbeRequest request) {
		return this.transactions.execute(() -> {
			Optional<BreakerRow> locked = this.rows.lockUnlessLocked(request.breaker());
			if (locked.isEmpty() || !locked.get().mayBeProbedBy(request.worker())) {
				return new Probe(locked.orElseGet(() -> this.rows.read(request.breaker())), List.of());
			}
			List<Long> ids = lockProbes(request);
			if (ids.isEmpty()) {
				return new Probe(locked.get(), List.of());
			}
			if (!locked.get().isProbedBy(request.worker())) {
				this.rows.probe(request.breaker(), request.worker(), request.by());
			}
			return new Probe(this.rows.read(request.breaker()), take(request, ids));
		});
	}

	private List<Long> lockProbes(ProbeRequest request) {
		List<Long> ids = new ArrayList<>();
		for (boolean front : List.of(true, false)) {
			ids.addAll(parkedToProbe(request, front));
		}
		return lock(request.breaker(), ids.stream().limit(request.limit()).toList());
	}

	// The oldest may all be in queues that only others serve, and these may be away.
	private List<Long> parkedToProbe(ProbeRequest request, boolean front) {
		Set<String> others = new HashSet<>(Set.of(NO_QUEUE));
		for (int look = 0; look < LOOKS_FOR_PROBES; look++) {
			List<Parked> seen = parkedToProbe(request, front, others);
			List<Long> ids = seen.stream()
				.filter((job) -> request.queues().test(StoredQueue.queueOf(job.queue())))
				.map(Parked::id)
				.toList();
			if (!ids.isEmpty() || seen.size() < PROBES_LOOKED_AT) {
				return ids;
			}
			seen.forEach((job) -> others.add(job.queue()));
		}
		return List.of();
	}

	private List<Parked> parkedToProbe(ProbeRequest request, boolean front, Set<String> others) {
		return this.statements.of(PARKED_TO_PROBE)
			.param("parking", BreakerRow.parking(request.breaker()))
			.param("front", front)
			.param("names", request.names().toArray(String[]::new))
			.param("others", others.toArray(String[]::new))
			.param("limit", PROBES_LOOKED_AT)
			.query((row, number) -> new Parked(row.getLong("id"), row.getString("queue")))
			.list();
	}

	private List<Long> lock(String breaker, List<Long> ids) {
		if (ids.isEmpty()) {
			return ids;
		}
		Set<Long> locked = new HashSet<>(this.statements.of(LOCK_PARKED)
			.param("ids", Values.ids(ids))
			.param("parking", BreakerRow.parking(breaker))
			.query(Long.class)
			.list());
		return ids.stream().filter(locked::contains).toList();
	}

	// Not ready in between, so without a new position: what gives them back takes one.
	private List<ClaimedJob> take(ProbeRequest request, List<Long> ids) {
		this.statements.of(this.dialect.takeParked())
			.param("worker", request.worker())
			.param("claim", request.claim())
			.param("ids", Values.ids(ids))
			.update();
		ClaimRequest fence = new ClaimRequest(request.worker(), request.claim(), request.names(), List.of(),
				ids.size());
		List<ClaimedJob> taken = this.statements.of(TAKEN)
			.param("worker", request.worker())
			.param("claim", request.claim())
			.param("ids", Values.ids(ids))
			.query(new ClaimedJobMapper(fence,
					(row, column) -> Values.instant(row, row.getMetaData().getColumnLabel(column))))
			.list();
		return this.permits.grant(taken, request.terms()).jobs();
	}

	@Override
	public Release release(String name, int limit) {
		ensure(name);
		return this.transactions.execute(() -> {
			Optional<BreakerRow> locked = this.rows.lockUnlessLocked(name);
			if (locked.isEmpty() || !locked.get().state().letsThrough()) {
				return Release.NOTHING;
			}
			List<Long> parked = parked(name, limit);
			List<Long> ids = lock(name, parked);
			return new Release(ids.size(), makeReady(ids), parked.size() == limit);
		});
	}

	private List<Long> parked(String name, int limit) {
		List<Long> ids = new ArrayList<>();
		for (boolean front : List.of(true, false)) {
			if (ids.size() < limit) {
				ids.addAll(this.statements.of(PARKED)
					.param("parking", BreakerRow.parking(name))
					.param("front", front)
					.param("limit", limit - ids.size())
					.query((row, number) -> row.getLong("id"))
					.list());
			}
		}
		return ids;
	}

	private Set<Lane> makeReady(List<Long> ids) {
		if (ids.isEmpty()) {
			return Set.of();
		}
		this.statements.of(this.dialect.makeReady())
			.param("ids", Values.ids(ids))
			.param("front", true)
			.param("crashes", 0)
			.update();
		return Set.copyOf(this.statements.of(LANES).param("ids", Values.ids(ids)).query(ClaimedJobMapper.LANE).list());
	}

	@Override
	public int tidy(Duration closedFor, Duration unprobedFor) {
		return this.transactions.execute(() -> {
			int closed = this.statements.of(CLOSE_UNPROBED).param("unprobedFor", Values.micros(unprobedFor)).update();
			this.statements.of(FORGET).param("closedFor", Values.micros(closedFor)).update();
			return closed;
		});
	}

	/**
	 * A job that waits.
	 *
	 * @param id its id
	 * @param queue its queue, as the row has it
	 */
	private record Parked(long id, String queue) {
	}

}
