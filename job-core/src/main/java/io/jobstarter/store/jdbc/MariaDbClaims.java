package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import org.jspecify.annotations.Nullable;

/**
 * Claims on MariaDB: reads each lane in the order of its index, so that nothing is sorted
 * and InnoDB locks no more than it returns, and then marks what it has locked. Never
 * waits for a lock.
 */
final class MariaDbClaims implements Claims {

	private static final String PAUSED = """
			select name from background_job_queue where paused_at is not null and name in (:queues)
			""";

	private static final String LOCK = """
			select id, seq, queue, priority, front, name, payload, attempt, crashes, rule_counts,
			    created_at, due_at, utc_timestamp(6) as claimed_at, headers, tags,
			    case when unique_until = 0 then unique_key end as key_to_free
			from background_job_job force index (background_job_job_ready)
			where state = 0 and queue = :queue and priority = :priority and front = :front and seq >= :from
			  and worker is null and name in (:names)
			order by seq limit :limit
			for update skip locked
			""";

	// Somebody who has just been told that he enqueued a duplicate holds the key until
	// his transaction ends.
	private static final String LOCK_KEYS = """
			select unique_key from background_job_job force index (background_job_job_unique)
			where unique_key in (:keys)
			for update skip locked
			""";

	private static final String CLAIM = """
			update background_job_job force index (primary)
			set worker = :worker, claim = :claim,
			    claimed_at = cast(trim(trailing 'Z' from :claimedAt) as datetime(6)),
			    unique_key = case when unique_until = 1 then unique_key end
			where id in (:ids)
			""";

	// All columns of the index, in its order: one probe for each lane, however many jobs
	// it holds ("using index for group-by").
	private static final String LANES = """
			select distinct state, queue, priority, front
			from background_job_job force index (background_job_job_ready)
			where state = 0 and queue in (:queues)
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	MariaDbClaims(EngineTransactions transactions, Statements statements) {
		this.transactions = transactions;
		this.statements = statements;
	}

	@Override
	public List<ClaimedJob> claim(ClaimRequest request) {
		return this.transactions.execute(() -> {
			List<Candidate> locked = lock(request);
			List<ClaimedJob> jobs = withoutHeldKeys(locked).stream().map(Candidate::job).toList();
			jobs.stream()
				.collect(Collectors.groupingBy(ClaimedJob::claimedAt))
				.forEach((claimedAt, together) -> mark(request, claimedAt, together));
			return jobs;
		});
	}

	private List<Candidate> lock(ClaimRequest request) {
		Set<String> paused = paused(request.demands().stream().map(QueueDemand::queue).toList());
		List<Candidate> locked = new ArrayList<>();
		for (QueueDemand demand : request.demands()) {
			if (!paused.contains(demand.queue())) {
				lock(request, demand, locked);
			}
		}
		return locked;
	}

	private Set<String> paused(Collection<String> queues) {
		return Set.copyOf(this.statements.of(PAUSED).param("queues", queues).query(String.class).list());
	}

	private void lock(ClaimRequest request, QueueDemand demand, List<Candidate> locked) {
		int limit = Math.min(locked.size() + demand.limit(), request.limit());
		for (LaneStart start : demand.lanes()) {
			if (locked.size() < limit) {
				locked.addAll(lock(request, start, limit - locked.size()));
			}
		}
	}

	private List<Candidate> lock(ClaimRequest request, LaneStart start, int limit) {
		ClaimedJobMapper mapper = new ClaimedJobMapper(request);
		return this.statements.of(LOCK)
			.param("queue", start.lane().queue())
			.param("priority", start.lane().priority())
			.param("front", start.lane().front())
			.param("from", start.from())
			.param("names", request.names())
			.param("limit", limit)
			.query((row, number) -> Candidate.of(row, mapper.mapRow(row, number)))
			.list();
	}

	private List<Candidate> withoutHeldKeys(List<Candidate> locked) {
		List<String> keys = locked.stream().map(Candidate::keyToFree).filter(Objects::nonNull).toList();
		if (keys.isEmpty()) {
			return locked;
		}
		Set<String> free = new HashSet<>(this.statements.of(LOCK_KEYS).param("keys", keys).query(String.class).list());
		return locked.stream().filter((job) -> job.keyToFree() == null || free.contains(job.keyToFree())).toList();
	}

	private void mark(ClaimRequest request, Instant claimedAt, List<ClaimedJob> jobs) {
		this.statements.of(CLAIM)
			.param("worker", request.worker())
			.param("claim", request.claim())
			.param("claimedAt", Values.timestamp(claimedAt))
			.param("ids", jobs.stream().map(ClaimedJob::id).toList())
			.update();
	}

	@Override
	public Set<Lane> lanes(Collection<String> queues) {
		return this.transactions.execute(() -> {
			Set<String> paused = paused(queues);
			Set<Lane> lanes = new HashSet<>(
					this.statements.of(LANES).param("queues", queues).query(ClaimedJobMapper.LANE).list());
			lanes.removeIf((lane) -> paused.contains(lane.queue()));
			return Set.copyOf(lanes);
		});
	}

	/**
	 * A job that is locked.
	 *
	 * @param job the job
	 * @param keyToFree the unique key that its start frees
	 */
	private record Candidate(ClaimedJob job, @Nullable String keyToFree) {

		static Candidate of(ResultSet row, ClaimedJob job) throws SQLException {
			return new Candidate(job, row.getString("key_to_free"));
		}

	}

}
