package io.jobstarter.faults.kill;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.oracle.Evidence;
import io.jobstarter.faults.oracle.Oracle;
import io.jobstarter.faults.oracle.Plan;
import io.jobstarter.faults.oracle.Plan.Batch;
import io.jobstarter.faults.oracle.PlannedJob;
import io.jobstarter.faults.oracle.RunFacts;
import io.jobstarter.faults.oracle.Verdict;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that are enqueued and run while the test breaks what is below: the jobs of a
 * scenario, as many of them as there is time for. Enqueues that fail are made again, and
 * only if they were not committed.
 */
public final class Workload implements AutoCloseable {

	private static final int BACKLOG = 3;

	private final Scenario scenario;

	private final FleetDatabase database;

	private final Fleet fleet;

	private final Plan plan;

	private final Producer producer;

	private final Instant start;

	private final Queue<Batch> batches;

	private final ExecutorService threads = Executors.newSingleThreadExecutor();

	private final Map<Integer, PlannedJob> further = new ConcurrentHashMap<>();

	private volatile boolean stopping;

	private @Nullable Future<?> producing;

	/**
	 * Plans the jobs.
	 * @param scenario what they are, and on how many nodes they run
	 * @param database where they are
	 * @param fleet who runs them
	 */
	public Workload(Scenario scenario, FleetDatabase database, Fleet fleet) {
		this.scenario = scenario;
		this.database = database;
		this.fleet = fleet;
		this.plan = Planner.plan(scenario);
		this.producer = new Producer(database);
		this.start = database.now();
		this.batches = new ConcurrentLinkedQueue<>(this.plan.before());
		this.batches.addAll(this.plan.meanwhile());
	}

	/**
	 * Begins to enqueue, no faster than the jobs are run.
	 */
	public void start() {
		this.producing = this.threads.submit(() -> {
			for (Batch batch = this.batches.poll(); batch != null && !this.stopping; batch = this.batches.poll()) {
				awaitDemand();
				this.producer.enqueue(batch);
			}
			return null;
		});
	}

	/**
	 * Enqueues one job more, which has to succeed like the others.
	 * @param job the job, whose number no other has
	 */
	public void enqueue(PlannedJob job) {
		this.further.put(job.number(), job);
		this.producer.enqueue(new Batch(List.of(job), false));
	}

	private void awaitDemand() {
		int backlog = BACKLOG * this.scenario.nodes() * this.scenario.slots();
		Awaitility.await()
			.atMost(this.scenario.patience())
			.pollInterval(Duration.ofMillis(50))
			.pollInSameThread()
			.ignoreExceptions()
			.until(() -> this.stopping || this.database.count("background_job_job") < backlog);
	}

	/**
	 * Enqueues no more, waits until everything has run, and judges it.
	 * @return the verdict, on what came of the jobs
	 * @throws Exception if the jobs could not be enqueued
	 */
	public Verdict finish() throws Exception {
		this.stopping = true;
		if (this.producing != null) {
			this.producing.get();
		}
		try {
			Awaitility.await()
				.atMost(this.scenario.patience())
				.pollInterval(Duration.ofMillis(100))
				.ignoreExceptions()
				.until(() -> this.database.count("background_job_job") == 0);
		}
		catch (ConditionTimeoutException ex) {
			// The oracle says what is missing.
			System.out.println("Gave up: " + ex.getMessage());
		}
		return new Oracle(facts()).judgeOutcomes();
	}

	private RunFacts facts() {
		Map<String, Path> logs = this.fleet.all()
			.stream()
			.collect(Collectors.toMap(NodeProcess::name, NodeProcess::logFile));
		Plan done = new Plan(this.plan.before(), this.plan.meanwhile(), expected());
		return new RunFacts(done, this.scenario.orphanLimit(), new RunFacts.Period(this.start, this.database.now()),
				new HashMap<>(this.producer.committed()), new ArrayList<>(), Evidence.read(this.database.jdbc()), logs);
	}

	// What there was time for, and what that enqueues.
	private Map<Integer, PlannedJob> expected() {
		Set<Integer> numbers = new TreeSet<>(this.producer.committed().keySet());
		Map<Integer, PlannedJob> expected = new LinkedHashMap<>(this.further);
		for (int number : numbers) {
			for (PlannedJob job = this.plan.expected().get(number); job != null; job = job.followUp()) {
				expected.put(job.number(), job);
			}
		}
		return expected;
	}

	@Override
	public void close() {
		this.stopping = true;
		this.threads.shutdownNow();
	}

}
