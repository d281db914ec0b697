package io.jobstarter.faults.bulk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import io.jobstarter.Audit;
import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.LimitKey;
import io.jobstarter.UniqueUntil;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import io.jobstarter.store.UniqueKey;
import io.jobstarter.store.WorkerStore.WorkerRow;
import io.jobstarter.store.jdbc.JdbcStores;

/**
 * What a node does to many rows at once, in whatever order it gets them, and again and
 * again what another node does to the same rows.
 */
final class BulkNode {

	private static final String QUEUE = "bulk";

	private static final String CIRCUIT = "circuit:bulk";

	/** Workers do not renew it: they die, and come back with their next claim. */
	private static final Duration LEASE = Duration.ofMillis(200);

	private static final Duration LONG = Duration.ofHours(1);

	private static final int WORKERS = 3;

	private static final int BATCH = 40;

	private static final JobFailure FAILURE = new JobFailure("java.io.IOException", "no such host", "at Mail.send");

	/** What all nodes together hold, or held: more than one settles the same. */
	private final Queue<ClaimedJob> held;

	private final FleetDatabase database;

	private final JdbcStores stores;

	private final AtomicLong claims = new AtomicLong();

	private final long firstWorker;

	/**
	 * Makes a node.
	 * @param database what it works on
	 * @param held what the nodes have claimed
	 * @param number which of the nodes this is
	 */
	BulkNode(FleetDatabase database, Queue<ClaimedJob> held, int number) {
		this.database = database;
		this.held = held;
		this.firstWorker = 10L * number;
		DataSource dataSource = Objects.requireNonNull(database.jdbc().getDataSource());
		this.stores = JdbcStores.create(dataSource, dataSource, "background_job_");
	}

	static Queue<ClaimedJob> nothingHeld() {
		return new ConcurrentLinkedQueue<>();
	}

	/**
	 * Does one thing, by chance.
	 * @param random says what, and to what
	 */
	void step(Random random) {
		switch (random.nextInt(12)) {
			case 0, 1 -> enqueue(random);
			case 2, 3 -> claim(random);
			case 4, 5, 6 -> settle(random);
			case 7 -> release();
			case 8 -> recover();
			case 9 -> this.stores.maintenanceStore().promote(BATCH);
			case 10 -> clean();
			default -> redrive(random);
		}
	}

	private void enqueue(Random random) {
		List<NewJob> jobs = new ArrayList<>();
		for (int i = 0; i < BATCH; i++) {
			NewJob job = new NewJob("bulk", QUEUE, 0,
					random.nextBoolean() ? DueTime.NOW : new DueTime.In(Duration.ofMillis(random.nextInt(100))),
					"{\"number\":" + i + "}", Map.of(), List.of(), null);
			switch (random.nextInt(4)) {
				case 0 -> jobs.add(job.withUnique(UniqueKey.of("bulk", "key-" + random.nextInt(30),
						random.nextBoolean() ? UniqueUntil.STARTED : UniqueUntil.FINISHED)));
				case 1 -> jobs.add(job
					.withKeys(List.of(LimitKey.of(LimitKey.Kind.CONCURRENCY, "bulk", "key-" + random.nextInt(10)))));
				default -> jobs.add(job);
			}
		}
		this.stores.enqueueStore().insert(jobs);
	}

	private void claim(Random random) {
		long worker = worker(random);
		register(worker, LEASE);
		List<LaneStart> lanes = this.stores.claimStore()
			.lanes(QueueScope.of(Set.of(QUEUE)))
			.stream()
			.map((lane) -> new LaneStart(lane, 0))
			.toList();
		if (!lanes.isEmpty()) {
			this.held.addAll(this.stores.claimStore()
				.claim(new ClaimRequest(worker, this.claims.incrementAndGet(), Set.of("bulk"),
						List.of(new QueueDemand(QUEUE, BATCH, lanes)), BATCH)));
		}
	}

	// A node has one thread for that.
	private synchronized void register(long worker, Duration lease) {
		this.stores.workerStore().register(new WorkerRow(worker, "node", 1), lease);
	}

	private long worker(Random random) {
		return this.firstWorker + random.nextInt(WORKERS);
	}

	// Without taking them from the others.
	private List<ClaimedJob> some() {
		List<ClaimedJob> jobs = new ArrayList<>(this.held.stream().limit(BATCH).toList());
		Collections.shuffle(jobs);
		return jobs;
	}

	private void settle(Random random) {
		List<ClaimedJob> jobs = some();
		this.stores.claimStore()
			.settle(jobs.stream().map((job) -> new Settlement(job, outcome(random), null)).toList(), true);
		this.held.removeAll(jobs);
	}

	private static JobOutcome outcome(Random random) {
		return switch (random.nextInt(7)) {
			case 0 -> new JobOutcome.Retried(FAILURE, Duration.ofMillis(random.nextInt(50)), null);
			case 1 -> new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE);
			case 2 -> new JobOutcome.Returned("a test");
			case 3 -> new JobOutcome.Discarded("a test", null);
			case 4 -> new JobOutcome.Parked(CIRCUIT);
			default -> new JobOutcome.Succeeded();
		};
	}

	private void release() {
		ClaimedJob job = this.held.peek();
		if (job != null) {
			this.stores.claimStore().release(job.fence().worker(), job.fence().claim());
		}
		this.stores.breakerStore().release(CIRCUIT.substring(CIRCUIT.indexOf(':') + 1), BATCH);
	}

	private void recover() {
		long alive = this.firstWorker + WORKERS;
		register(alive, LONG);
		this.stores.workerStore().renew(alive, LONG, LONG, null);
		this.stores.maintenanceStore().recover(0, LEASE, 3, BATCH, (name) -> false);
	}

	private void clean() {
		Duration nothing = Duration.ZERO;
		this.stores.maintenanceStore().deleteHistory(nothing, BATCH);
		this.stores.maintenanceStore().deleteFailures(nothing, BATCH);
		this.stores.maintenanceStore().deleteResolvedDeadLetters(nothing, BATCH);
		this.stores.maintenanceStore().deleteExpiredKeys(BATCH);
	}

	private void redrive(Random random) {
		List<Long> letters = new ArrayList<>(this.database.jdbc()
			.queryForList("select job_id from background_job_dead_letter where resolved_at is null limit " + BATCH,
					Long.class));
		Collections.shuffle(letters, random);
		this.database.transaction()
			.executeWithoutResult((status) -> this.stores.operationsStore()
				.redrives()
				.redrive(letters.stream().map(JobId::new).toList(), Audit.NONE));
	}

}
