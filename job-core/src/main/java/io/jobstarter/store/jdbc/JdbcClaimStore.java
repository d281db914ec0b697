package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.store.BreakerStore;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.Look;
import io.jobstarter.store.QueueLimits;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import io.jobstarter.store.WakeUp;

/**
 * Gives out jobs and takes their outcomes.
 */
final class JdbcClaimStore implements ClaimStore {

	private static final String IS_RECORDED = """
			select exists (select 1 from background_job_history
			               where id = :id and worker = :worker and claim = :claim)
			    or exists (select 1 from background_job_failure
			               where job_id = :id and worker = :worker and claim = :claim)
			    or exists (select 1 from background_job_dead_letter
			               where job_id = :id and worker = :worker and claim = :claim)
			""";

	private static final String HELD = """
			select id, claim, cancel_requested from background_job_job
			where id = any (cast(:ids as bigint array)) and worker = :worker
			""";

	private static final String CONCURRENCY_LIMITS = """
			select name, concurrency, fleet_concurrency from background_job_queue
			where concurrency is not null or fleet_concurrency is not null
			union all
			select name, cast(null as integer), min(declared) from background_job_fleet_slots
			where declared is not null group by name
			""";

	private final Claims claims;

	private final Settler settler;

	private final CallersCompletion completion;

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Reads reads;

	private final BreakerStore breakers;

	private final ReleasedLanes released;

	private final KeyRates keyRates;

	JdbcClaimStore(Claims claims, Settler settler, CallersCompletion completion, EngineTransactions transactions,
			Statements statements, Reads reads, BreakerStore breakers, ReleasedLanes released, KeyRates keyRates) {
		this.keyRates = keyRates;
		this.claims = claims;
		this.settler = settler;
		this.completion = completion;
		this.transactions = transactions;
		this.statements = statements;
		this.reads = reads;
		this.breakers = breakers;
		this.released = released;
	}

	@Override
	public Set<Lane> lanes(QueueScope scope) {
		return scope.isEmpty() ? Set.of() : this.claims.lanes(scope);
	}

	@Override
	public QueueLimits concurrencyLimits() {
		return this.transactions.execute(() -> {
			Map<String, Integer> perNode = new HashMap<>();
			Set<String> fleet = new HashSet<>();
			this.statements.of(CONCURRENCY_LIMITS).query((row) -> {
				if (row.getObject("concurrency") != null) {
					perNode.put(row.getString("name"), row.getInt("concurrency"));
				}
				if (row.getObject("fleet_concurrency") != null) {
					fleet.add(row.getString("name"));
				}
			});
			return new QueueLimits(perNode, fleet);
		});
	}

	@Override
	public boolean hasCircuits() {
		return this.breakers.isBusy();
	}

	@Override
	public Look look(QueueScope scope) {
		Optional<Look> seen = scope.isEmpty() ? Optional.empty() : this.claims.look(scope);
		return seen.orElseGet(() -> new Look(lanes(scope), concurrencyLimits(), hasCircuits()));
	}

	@Override
	public Claimed take(ClaimRequest request) {
		if (request.isEmpty()) {
			return Claimed.NOTHING;
		}
		Claimed claimed = this.claims.claim(request);
		this.keyRates.announce();
		return new Claimed(inOrder(claimed.jobs(), request), claimed.blocked());
	}

	@Override
	public void announceTo(WakeUp wakeUp) {
		this.released.announceTo(wakeUp);
	}

	// By lane first: comparing two jobs by their lanes' places would look each up for
	// each
	// comparison.
	static List<ClaimedJob> inOrder(List<ClaimedJob> claimed, ClaimRequest request) {
		Map<Lane, List<ClaimedJob>> byLane = new LinkedHashMap<>();
		for (QueueDemand demand : request.demands()) {
			demand.lanes().forEach((start) -> byLane.put(start.lane(), new ArrayList<>()));
		}
		claimed.forEach((job) -> byLane.computeIfAbsent(job.lane(), (lane) -> new ArrayList<>()).add(job));
		List<ClaimedJob> ordered = new ArrayList<>(claimed.size());
		for (List<ClaimedJob> ofLane : byLane.values()) {
			ofLane.sort(Comparator.comparingLong(ClaimedJob::position));
			ordered.addAll(ofLane);
		}
		return ordered;
	}

	@Override
	public int release(long worker, long claim) {
		return this.settler.release(worker, claim);
	}

	@Override
	public Map<Long, Settled> settle(Collection<Settlement> settlements, boolean history) {
		return settlements.isEmpty() ? Map.of() : this.settler.settle(settlements, history);
	}

	@Override
	public boolean completeInCallersTransaction(ClaimedJob job, boolean history) {
		return this.completion.complete(job, history);
	}

	@Override
	public boolean isRecorded(ClaimedJob job) {
		return this.transactions.execute(() -> this.statements.of(IS_RECORDED)
			.param("id", job.id())
			.param("worker", job.fence().worker())
			.param("claim", job.fence().claim())
			.query(Boolean.class)
			.single());
	}

	@Override
	public Map<Long, Held> held(long worker, Collection<Long> ids) {
		if (ids.isEmpty()) {
			return Map.of();
		}
		// The heartbeat asks, whose lease must not wait for a table that somebody has
		// locked.
		return this.reads
			.queryOnce(HELD, Map.of("ids", Values.ids(ids), "worker", worker),
					(row, number) -> Map.entry(row.getLong("id"),
							new Held(row.getLong("claim"), row.getBoolean("cancel_requested"))))
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

}
