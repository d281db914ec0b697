package io.jobstarter.faults.life;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.jobstarter.Audit;
import io.jobstarter.IllegalRedriveStateException;
import io.jobstarter.JobOperations;
import io.jobstarter.faults.fleet.FleetDatabase;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Runs a scenario: threads that enqueue and operate, on nodes that are struck, until all
 * jobs have come to an end.
 */
final class LifeRun implements AutoCloseable {

	private static final String JOBS_LEFT = "select id from background_job_job order by id fetch first 10 rows only";

	private static final List<String> LEFT = List.of("background_job_key where running <> 0",
			"background_job_fleet_slots s where s.worker <> 0 and s.slots > 0 and not exists "
					+ "(select 1 from background_job_worker w where w.id = s.worker)");

	/** As many jobs as the nodes work off in some seconds. */
	private static final int BACKLOG = 120;

	private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

	private final LifeScenario scenario;

	private final LifeLog log = new LifeLog();

	private final FleetDatabase database;

	private final Journal journal;

	private final List<LifeNode> nodes = new ArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Queue<Act> acts = new ConcurrentLinkedQueue<>();

	private volatile boolean full;

	private LifeRun(LifeScenario scenario) {
		this.scenario = scenario;
		List<String> settings = new ArrayList<>(LifeScenario.applicationSettings());
		settings.add("--spring.datasource.hikari.maximum-pool-size=" + (scenario.threads() * 2 + 4));
		this.database = FleetDatabase.create(scenario.database(), settings, LifeNode.application(this.log));
		this.journal = Journal.in(this.database.jdbc());
		this.nodes.add(new LifeNode(this.database, scenario, this.log, "a"));
		this.nodes.add(new LifeNode(this.database, scenario, this.log, "b"));
	}

	/**
	 * Runs a scenario to its end, or until it has taken too long.
	 * @param scenario the scenario
	 * @return what it has left behind
	 * @throws Exception if a thread of the test fails
	 */
	static LifeFacts of(LifeScenario scenario) throws Exception {
		try (LifeRun run = new LifeRun(scenario)) {
			return run.run();
		}
	}

	private LifeFacts run() throws Exception {
		this.nodes.forEach(LifeNode::start);
		Instant end = Instant.now().plus(this.scenario.time());
		Striker striker = new Striker(this.nodes, this.scenario, end);
		List<Future<?>> operating = operate(end);
		if (this.scenario.strikes()) {
			striker.strikeUntilTheEnd();
		}
		for (Future<?> thread : operating) {
			thread.get();
		}
		Instant stopped = Instant.now();
		List<String> left = awaitRest();
		System.out.println("Life test: all came to rest after " + Duration.between(stopped, Instant.now()));
		return new LifeFacts(this.journal.lines(), List.copyOf(this.acts), this.log.bodies(), effects(), left,
				striker.strikes());
	}

	private List<Future<?>> operate(Instant end) {
		Known known = new Known();
		this.threads.submit(() -> watchBacklog(end));
		AtomicInteger numbers = new AtomicInteger();
		List<Future<?>> operating = new ArrayList<>();
		for (int i = 0; i < this.scenario.threads(); i++) {
			Random random = new Random(this.scenario.seed() * 1_000 + i);
			operating.add(this.threads.submit(new Operator(this.database, this.journal, known, random, numbers,
					this.acts, () -> Instant.now().isBefore(end), () -> this.full)));
		}
		return operating;
	}

	// Jobs that wait behind many others meet nobody.
	private void watchBacklog(Instant end) {
		while (Instant.now().isBefore(end)) {
			this.full = this.database.count("background_job_job") > BACKLOG;
			LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
		}
	}

	private List<String> awaitRest() {
		try {
			Awaitility.await()
				.atMost(this.scenario.patience())
				.pollInSameThread()
				.pollInterval(Duration.ofMillis(100))
				.until(() -> {
					unset();
					return left().isEmpty() && !this.log.isAnyRunning();
				});
		}
		catch (ConditionTimeoutException ex) {
			System.out.println("Gave up: " + ex.getMessage());
		}
		return left();
	}

	// What operators have set, and redrives under way, would keep jobs back.
	private void unset() {
		JobOperations operations = this.database.operations();
		for (String queue : List.of(Life.QUEUE, Life.KEYED_QUEUE)) {
			operations.resume(queue);
			operations.resetConcurrency(queue);
			operations.resetFleetConcurrency(queue);
		}
		operations.limits().reset(Life.TWO, Audit.NONE);
		operations.resetBreaker(Life.CIRCUIT);
		operations.redrives()
			.list(null, 50)
			.stream()
			.filter((redrive) -> redrive.state().isUnderWay())
			.forEach((redrive) -> cancel(operations, redrive.id()));
	}

	private static void cancel(JobOperations operations, long redrive) {
		try {
			operations.redrives().cancel(redrive, Audit.NONE);
		}
		catch (IllegalRedriveStateException ex) {
			// It has come to its end by itself.
		}
	}

	private List<String> left() {
		Stream<String> jobs = this.database.jdbc()
			.queryForList(JOBS_LEFT, Long.class)
			.stream()
			.map((job) -> "job " + job + " has not come to an end");
		return Stream
			.concat(jobs,
					LEFT.stream()
						.filter((what) -> this.database.count(what) > 0)
						.map((what) -> this.database.count(what) + " of " + what))
			.toList();
	}

	private Map<Long, Integer> effects() {
		Map<Long, Integer> effects = new HashMap<>();
		this.database.jdbc()
			.queryForList("select job_id from effect", Long.class)
			.forEach((job) -> effects.merge(job, 1, Integer::sum));
		return effects;
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
		this.nodes.forEach(LifeNode::close);
		this.database.close();
	}

}
