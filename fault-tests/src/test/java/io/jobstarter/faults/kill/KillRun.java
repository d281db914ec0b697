package io.jobstarter.faults.kill;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.oracle.Evidence;
import io.jobstarter.faults.oracle.Invariants;
import io.jobstarter.faults.oracle.NodeEnd;
import io.jobstarter.faults.oracle.Oracle;
import io.jobstarter.faults.oracle.Plan;
import io.jobstarter.faults.oracle.Plan.Batch;
import io.jobstarter.faults.oracle.RunFacts;
import io.jobstarter.faults.oracle.Verdict;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

import org.springframework.dao.DataAccessException;

/**
 * Runs a scenario: some jobs are there when the fleet starts, others are enqueued while
 * its nodes are killed and replaced, until everything is done.
 */
public final class KillRun implements AutoCloseable {

	private static final int PRODUCERS = 2;

	/** For each slot: few enough that producing takes as long as running. */
	private static final int BACKLOG = 20;

	private static final Duration LAST_LOOK = Duration.ofSeconds(30);

	private final Scenario scenario;

	private final Plan plan;

	private final FleetDatabase database;

	private final Fleet fleet;

	private final Producer producer;

	private final Striker striker;

	private final ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS);

	private KillRun(Scenario scenario, FleetDatabase database, Striker.Factory strikers) {
		this.scenario = scenario;
		this.plan = Planner.plan(scenario);
		this.database = database;
		this.fleet = new Fleet(this.database, scenario.nodeSettings());
		this.producer = new Producer(this.database);
		this.striker = strikers.make(this.database, this.fleet, scenario);
	}

	/**
	 * Runs a scenario to its end, or until it has taken too long.
	 * @param scenario the scenario
	 * @return the oracle's verdict
	 * @throws Exception if the fleet or the producers fail
	 */
	static Verdict of(Scenario scenario) throws Exception {
		return of(scenario, FleetDatabase.create(scenario.database()), Killer::new);
	}

	/**
	 * Runs a scenario to its end, or until it has taken too long.
	 * @param scenario the scenario
	 * @param database what the fleet works on; closed in the end
	 * @param strikers makes what strikes at the fleet, or at its database
	 * @return the oracle's verdict
	 * @throws Exception if the fleet or the producers fail
	 */
	public static Verdict of(Scenario scenario, FleetDatabase database, Striker.Factory strikers) throws Exception {
		try (KillRun run = new KillRun(scenario, database, strikers)) {
			return run.run();
		}
	}

	private Verdict run() throws Exception {
		Instant start = this.database.now();
		this.plan.before().forEach(this.producer::enqueue);
		this.fleet.start(this.scenario.nodes());
		List<Future<?>> producing = produce(new ConcurrentLinkedQueue<>(this.plan.meanwhile()));
		quietly(() -> killUntilDone(producing));
		this.striker.finish();
		for (Future<?> future : producing) {
			// They have ended, unless there was no time left.
			future.cancel(true);
		}
		Instant end = this.database.now();
		quietly(this::awaitRecoveryOfWorkers);
		return new Oracle(facts(start, end)).judge().with(Invariants.brokenAfter(this.database.jdbc(), LAST_LOOK));
	}

	private List<Future<?>> produce(Queue<Batch> batches) {
		List<Future<?>> producing = new ArrayList<>();
		for (int i = 0; i < PRODUCERS; i++) {
			producing.add(this.threads.submit(() -> {
				for (Batch batch = batches.poll(); batch != null; batch = batches.poll()) {
					awaitDemand();
					this.producer.enqueue(batch);
				}
				return null;
			}));
		}
		return producing;
	}

	private void awaitDemand() {
		int backlog = BACKLOG * this.scenario.nodes() * this.scenario.slots();
		patiently().until(() -> unfinished() < backlog);
	}

	private void killUntilDone(List<Future<?>> producing) {
		long[] next = { System.nanoTime() + this.striker.pause().toNanos() };
		patiently().pollInSameThread().until(() -> {
			this.striker.turn();
			boolean produced = areDone(producing);
			int unfinished = unfinished();
			// What the last killed node held is to come to its end in peace.
			boolean busy = !produced || unfinished > this.scenario.slots() * this.scenario.nodes();
			if (busy && System.nanoTime() - next[0] >= 0 && this.striker.strike()) {
				next[0] = System.nanoTime() + this.striker.pause().toNanos();
			}
			return produced && unfinished == 0;
		});
	}

	private static boolean areDone(List<Future<?>> producing) throws Exception {
		boolean done = true;
		for (Future<?> future : producing) {
			if (future.isDone()) {
				future.get();
			}
			done = done && future.isDone();
		}
		return done;
	}

	private void awaitRecoveryOfWorkers() {
		List<Long> ended = this.striker.ends().stream().filter(NodeEnd::isOver).map(NodeEnd::pid).toList();
		Awaitility.await()
			.atMost(this.scenario.lease().multipliedBy(2).plus(LAST_LOOK))
			.until(() -> Evidence.workers(this.database.jdbc()).stream().noneMatch(ended::contains));
	}

	private RunFacts facts(Instant start, Instant end) {
		Map<String, Path> logs = this.fleet.all()
			.stream()
			.collect(Collectors.toMap(NodeProcess::name, NodeProcess::logFile));
		return new RunFacts(this.plan, this.scenario.orphanLimit(), new RunFacts.Period(start, end),
				this.producer.committed(), this.striker.ends(), this.striker.disturbances(),
				Evidence.read(this.database.jdbc()), logs);
	}

	private int unfinished() {
		return this.database.count("background_job_job");
	}

	private ConditionFactory patiently() {
		// What is asked while the database is away is asked again.
		return Awaitility.await()
			.ignoreExceptionsInstanceOf(DataAccessException.class)
			.atMost(this.scenario.patience())
			.pollInterval(Duration.ofMillis(100));
	}

	// If it does not come to an end in time, the oracle says what is missing.
	private static void quietly(Runnable wait) {
		try {
			wait.run();
		}
		catch (ConditionTimeoutException ex) {
			System.out.println("Gave up: " + ex.getMessage());
		}
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
		this.fleet.close();
		this.database.close();
	}

}
