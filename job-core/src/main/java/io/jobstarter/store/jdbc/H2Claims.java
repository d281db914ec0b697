package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.QueueScope;

/**
 * Claims on H2, which locks every candidate of a statement that sorts: so jobs are looked
 * for without locks, then locked by id as far as they are still free. The mutex saves the
 * threads of one process from racing for the same jobs; other processes are kept off by
 * the locks.
 */
final class H2Claims implements Claims {

	private static final String PAUSED = """
			select count(*) from background_job_queue where name = :queue and paused_at is not null
			""";

	private static final String CANDIDATES = """
			select id, seq from background_job_job
			where state = 0 and queue = :queue and priority = :priority and front = :front and seq >= :from
			  and worker is null and name = any (cast(:names as varchar array))
			order by seq fetch first :limit rows only
			""";

	private static final String LOCK = """
			select id, seq from background_job_job
			where id = any (cast(:ids as bigint array)) and state = 0 and worker is null
			for update skip locked
			""";

	private static final String CLAIM = """
			update background_job_job
			set worker = :worker, claim = :claim, claimed_at = clock_timestamp(),
			    unique_key = case when unique_until = 1 or limits is not null then unique_key end
			where id = any (cast(:ids as bigint array)) and state = 0 and worker is null
			""";

	private static final String CLAIMED = """
			select id, seq, queue, priority, front, name, payload, attempt, crashes, rule_counts,
			    created_at, due_at, claimed_at, headers, tags, limits,
			    unique_key is not null and unique_until = 0
			from background_job_job
			where id = any (cast(:ids as bigint array)) and worker = :worker and claim = :claim
			""";

	private static final String LANES = """
			select distinct queue, priority, front from background_job_job
			where state = 0 and queue = any (cast(:queues as varchar array))
			  and queue not in (select name from background_job_queue where paused_at is not null)
			""";

	// The bounds are for the index; the name itself decides.
	private static final String LANES_BY_PREFIX = """
			select distinct queue, priority, front from background_job_job
			where state = 0 and queue >= :prefix and queue < :end and left(queue, length(:prefix)) = :prefix
			  and queue not in (select name from background_job_queue where paused_at is not null)
			""";

	/** Stands behind every character of a queue's name. */
	private static final String LAST = "\uffff";

	private static final int MUTEXES = 64;

	private final EngineTransactions transactions;

	private final Statements statements;

	private final FleetShares fleet;

	private final ReentrantLock[] mutexes = Stream.generate(ReentrantLock::new)
		.limit(MUTEXES)
		.toArray(ReentrantLock[]::new);

	private final KeyPermits permits;

	H2Claims(EngineTransactions transactions, Statements statements, KeyPermits permits) {
		this.transactions = transactions;
		this.statements = statements;
		this.fleet = new FleetShares(statements);
		this.permits = permits;
	}

	@Override
	public Claimed claim(ClaimRequest request) {
		List<ClaimedJob> claimed = new ArrayList<>();
		int blocked = 0;
		for (QueueDemand demand : request.demands()) {
			int limit = Math.min(demand.limit(), request.limit() - claimed.size() - blocked);
			if (limit > 0) {
				Claimed ofQueue = claim(request, demand, limit, claimed.size());
				claimed.addAll(ofQueue.jobs());
				blocked += ofQueue.blocked();
			}
		}
		return new Claimed(claimed, blocked);
	}

	private Claimed claim(ClaimRequest request, QueueDemand demand, int limit, int before) {
		ReentrantLock mutex = this.mutexes[Math.floorMod(demand.queue().hashCode(), MUTEXES)];
		mutex.lock();
		try {
			return this.transactions
				.execute(() -> claimInTransaction(request, demand, this.fleet.bounded(request, limit, before), before));
		}
		finally {
			mutex.unlock();
		}
	}

	private Claimed claimInTransaction(ClaimRequest request, QueueDemand demand, int limit, int before) {
		if (this.statements.of(PAUSED).param("queue", demand.queue()).query(Long.class).single() > 0) {
			return Claimed.NOTHING;
		}
		List<Long> ids = new ArrayList<>();
		for (LaneStart start : demand.lanes()) {
			lock(request, start, limit, ids);
		}
		return ids.isEmpty() ? Claimed.NOTHING : take(request, ids, before);
	}

	// Goes on behind jobs that somebody else has locked.
	private void lock(ClaimRequest request, LaneStart start, int limit, List<Long> ids) {
		long from = start.from();
		while (ids.size() < limit) {
			List<Candidate> candidates = candidates(request, start.lane(), from, limit - ids.size());
			if (candidates.isEmpty()) {
				return;
			}
			ids.addAll(lock(candidates));
			from = candidates.get(candidates.size() - 1).position() + 1;
		}
	}

	// Not what has come back to another place meanwhile: the lane that it is in now was
	// not read up to there.
	private List<Long> lock(List<Candidate> candidates) {
		return this.statements.of(LOCK)
			.param("ids", candidates.stream().map(Candidate::id).toArray(Long[]::new))
			.query(H2Claims::candidate)
			.list()
			.stream()
			.filter(candidates::contains)
			.map(Candidate::id)
			.toList();
	}

	private static Candidate candidate(ResultSet row, int number) throws SQLException {
		return new Candidate(row.getLong("id"), row.getLong("seq"));
	}

	private List<Candidate> candidates(ClaimRequest request, Lane lane, long from, int limit) {
		return this.statements.of(CANDIDATES)
			.param("queue", lane.queue())
			.param("priority", lane.priority())
			.param("front", lane.front())
			.param("from", from)
			.param("names", request.names().toArray(String[]::new))
			.param("limit", limit)
			.query(H2Claims::candidate)
			.list();
	}

	private Claimed take(ClaimRequest request, List<Long> ids, int before) {
		this.statements.of(CLAIM)
			.param("worker", request.worker())
			.param("claim", request.claim())
			.param("ids", Values.ids(ids))
			.update();
		KeyedClaimMapper mapper = new KeyedClaimMapper(new ClaimedJobMapper(request, Values::zonedInstant));
		List<ClaimedJob> claimed = this.statements.of(CLAIMED)
			.param("worker", request.worker())
			.param("claim", request.claim())
			.param("ids", Values.ids(ids))
			.query(mapper)
			.list();
		return this.permits.grant(claimed, mapper.uniqueUntilStart(),
				request.terms().withStartable(request.terms().startable() - before));
	}

	@Override
	public Set<Lane> lanes(QueueScope scope) {
		return this.transactions.execute(() -> {
			Set<Lane> lanes = new HashSet<>(this.statements.of(LANES)
				.param("queues", scope.names().toArray(String[]::new))
				.query(ClaimedJobMapper.LANE)
				.list());
			scope.prefixes().forEach((prefix) -> lanes.addAll(lanesByPrefix(prefix)));
			return lanes;
		});
	}

	private List<Lane> lanesByPrefix(String prefix) {
		return this.statements.of(LANES_BY_PREFIX)
			.param("prefix", prefix)
			.param("end", prefix + LAST)
			.query(ClaimedJobMapper.LANE)
			.list();
	}

	/**
	 * A job that looked free.
	 *
	 * @param id its id
	 * @param position its position
	 */
	private record Candidate(long id, long position) {
	}

}
