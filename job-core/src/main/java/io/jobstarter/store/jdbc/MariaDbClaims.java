package io.jobstarter.store.jdbc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.QueueScope;
import org.jspecify.annotations.Nullable;

/**
 * Claims on MariaDB: reads each lane in the order of its index, without locks, then locks
 * by id what is still free, and marks it. InnoDB would keep a lock on each entry of the
 * index that it met, wanted or not. Never waits for a lock.
 */
final class MariaDbClaims implements Claims {

	private static final String PAUSED = """
			select name from background_job_queue where paused_at is not null and name in (:queues)
			""";

	private static final String CANDIDATES = """
			select id, seq from background_job_job force index (background_job_job_ready)
			where state = 0 and queue = :queue and priority = :priority and front = :front and seq >= :from
			  and worker is null and name in (:names)
			order by seq limit :limit
			""";

	private static final String LOCK = """
			select id, seq, queue, priority, front, name, payload, attempt, crashes, rule_counts,
			    created_at, due_at, utc_timestamp(6) as claimed_at, headers, tags, limits,
			    case when unique_until = 0 then unique_key end as key_to_free
			from background_job_job force index (primary)
			where id in (:ids) and state = 0 and worker is null
			for update skip locked
			""";

	private static final String CLAIM = """
			update background_job_job force index (primary)
			set worker = :worker, claim = :claim,
			    claimed_at = cast(trim(trailing 'Z' from :claimedAt) as datetime(6)),
			    unique_key = case when unique_until = 1 then unique_key end
			where id in (:ids)
			""";

	private static final String FIRST_QUEUE = """
			select queue from background_job_job force index (background_job_job_ready)
			where state = 0 and queue >= :queue order by queue limit 1
			""";

	private static final String NEXT_QUEUE = """
			select queue from background_job_job force index (background_job_job_ready)
			where state = 0 and queue > :queue order by queue limit 1
			""";

	// One entry of the index, whatever the optimizer believes of the table. It would read
	// all of them for "distinct" while its statistics are those of an empty one.
	private static final String NEXT_LANE = """
			select queue, priority, front from background_job_job force index (background_job_job_ready)
			where state = 0 and queue = :queue
			  and (priority > :priority or priority = :priority and front > :front)
			order by priority, front limit 1
			""";

	private static final int BELOW_ALL_PRIORITIES = Short.MIN_VALUE - 1;

	private final EngineTransactions transactions;

	private final Statements statements;

	private final UniqueKeys keys;

	private final FleetShares fleet;

	private final KeyPermits permits;

	MariaDbClaims(EngineTransactions transactions, Statements statements, KeyPermits permits) {
		this.transactions = transactions;
		this.statements = statements;
		this.permits = permits;
		this.keys = new MariaDbUniqueKeys(statements);
		this.fleet = new FleetShares(statements);
	}

	@Override
	public Claimed claim(ClaimRequest request) {
		return this.transactions.execute(() -> claimInTransaction(request));
	}

	@Override
	public Claimed claimInTransaction(ClaimRequest asked) {
		ClaimRequest request = asked.withLimit(this.fleet.bounded(asked, asked.limit(), 0));
		List<Candidate> startable = withoutHeldKeys(lock(request));
		Claimed granted = this.permits.grant(startable.stream().map(Candidate::job).toList(), request.terms());
		this.keys.free(keysToFree(of(granted, startable)));
		granted.jobs()
			.stream()
			.collect(Collectors.groupingBy(ClaimedJob::claimedAt))
			.forEach((claimedAt, together) -> mark(request, claimedAt, together));
		return granted;
	}

	private static List<Candidate> of(Claimed granted, List<Candidate> candidates) {
		Set<Long> ids = granted.jobs().stream().map(ClaimedJob::id).collect(Collectors.toSet());
		return candidates.stream().filter((candidate) -> ids.contains(candidate.job().id())).toList();
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
		if (queues.isEmpty()) {
			return Set.of();
		}
		return Set.copyOf(this.statements.of(PAUSED).param("queues", queues).query(String.class).list());
	}

	private void lock(ClaimRequest request, QueueDemand demand, List<Candidate> locked) {
		int limit = Math.min(locked.size() + demand.limit(), request.limit());
		for (LaneStart start : demand.lanes()) {
			lock(request, start, limit, locked);
		}
	}

	// Goes on behind jobs that somebody else has locked.
	private void lock(ClaimRequest request, LaneStart start, int limit, List<Candidate> locked) {
		long from = start.from();
		while (locked.size() < limit) {
			List<Place> places = places(request, start.lane(), from, limit - locked.size());
			if (places.isEmpty()) {
				return;
			}
			locked.addAll(lock(request, places));
			from = places.get(places.size() - 1).position() + 1;
		}
	}

	private List<Place> places(ClaimRequest request, Lane lane, long from, int limit) {
		return this.statements.of(CANDIDATES)
			.param("queue", StoredQueue.of(lane))
			.param("priority", lane.priority())
			.param("front", lane.front())
			.param("from", from)
			.param("names", request.names())
			.param("limit", limit)
			.query((row, number) -> new Place(row.getLong("id"), row.getLong("seq")))
			.list();
	}

	// Not what has come back to another place meanwhile: the lane that it is in now was
	// not read up to there.
	private List<Candidate> lock(ClaimRequest request, List<Place> places) {
		ClaimedJobMapper mapper = new ClaimedJobMapper(request, Values::utcInstant);
		return this.statements.of(LOCK)
			.param("ids", places.stream().map(Place::id).toList())
			.query((row, number) -> new Candidate(mapper.mapRow(row, number), row.getString("key_to_free")))
			.list()
			.stream()
			.filter((locked) -> places.contains(locked.place()))
			.toList();
	}

	// Somebody who has just been told that he enqueued a duplicate holds the key until
	// his transaction ends.
	private List<Candidate> withoutHeldKeys(List<Candidate> locked) {
		Set<String> free = this.keys.lock(keysToFree(locked));
		return locked.stream().filter((job) -> job.keyToFree() == null || free.contains(job.keyToFree())).toList();
	}

	private static List<String> keysToFree(List<Candidate> jobs) {
		return jobs.stream().map(Candidate::keyToFree).filter(Objects::nonNull).toList();
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
	public Set<Lane> lanes(QueueScope scope) {
		return this.transactions.execute(() -> {
			Set<String> queues = new HashSet<>(scope.names());
			scope.prefixes().forEach((prefix) -> queues.addAll(queues(prefix)));
			StoredQueue.beginnings(scope.names()).forEach((shares) -> queues.addAll(queues(shares)));
			Set<String> paused = paused(queues.stream().map(StoredQueue::queueOf).collect(Collectors.toSet()));
			queues.removeIf((queue) -> paused.contains(StoredQueue.queueOf(queue)));
			Set<Lane> lanes = new HashSet<>();
			queues.forEach((queue) -> lanes.addAll(lanes(queue)));
			return lanes;
		});
	}

	// Names are sorted byte by byte: those of a prefix stand side by side.
	private List<String> queues(String prefix) {
		List<String> queues = new ArrayList<>();
		Optional<String> next = firstQueue(FIRST_QUEUE, prefix);
		while (next.isPresent() && next.get().startsWith(prefix)) {
			queues.add(next.get());
			next = firstQueue(NEXT_QUEUE, next.get());
		}
		return queues;
	}

	private Optional<String> firstQueue(String statement, String queue) {
		return this.statements.of(statement).param("queue", queue).query(String.class).optional();
	}

	private List<Lane> lanes(String queue) {
		List<Lane> lanes = new ArrayList<>();
		Optional<Lane> next = nextLane(StoredQueue.lane(queue, BELOW_ALL_PRIORITIES, false));
		while (next.isPresent()) {
			lanes.add(next.get());
			next = nextLane(next.get());
		}
		return lanes;
	}

	private Optional<Lane> nextLane(Lane lane) {
		return this.statements.of(NEXT_LANE)
			.param("queue", StoredQueue.of(lane))
			.param("priority", lane.priority())
			.param("front", lane.front())
			.query(ClaimedJobMapper.LANE)
			.optional();
	}

	/**
	 * Where a job stands that looked free.
	 *
	 * @param id its id
	 * @param position its position
	 */
	private record Place(long id, long position) {
	}

	/**
	 * A job that is locked.
	 *
	 * @param job the job
	 * @param keyToFree the unique key that its start frees
	 */
	private record Candidate(ClaimedJob job, @Nullable String keyToFree) {

		Place place() {
			return new Place(this.job.id(), this.job.position());
		}

	}

}
