package io.jobstarter.faults.network;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

import io.jobstarter.faults.NetworkJobs.Stubborn;
import io.jobstarter.faults.NetworkJobs.StubbornEffect;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.oracle.Evidence;
import io.jobstarter.faults.oracle.Oracle;
import io.jobstarter.faults.oracle.Plan;
import io.jobstarter.faults.oracle.RunFacts;
import io.jobstarter.faults.oracle.RunFacts.Note;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Runs a scenario to its end: jobs come all the time, and one network after another
 * fails, or both at once.
 */
final class NetworkRun implements AutoCloseable {

	private static final int NODES = 2;

	private static final int JOBS_AT_A_TIME = 5;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final NetworkScenario scenario;

	/** Decides what networks do, whatever the machine's pace is. */
	private final Random random;

	private final Random jobs;

	private final FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);

	private final Fleet fleet;

	private final List<CutNode> nodes = new ArrayList<>();

	private final Map<Integer, Note> committed = new LinkedHashMap<>();

	private final List<String> faults = new ArrayList<>();

	private final Instant begin = this.database.now();

	NetworkRun(NetworkScenario scenario) {
		this.scenario = scenario;
		this.random = new Random(scenario.seed());
		this.jobs = new Random(~scenario.seed());
		this.fleet = new Fleet(this.database, scenario.nodeSettings());
	}

	void run() {
		for (int i = 0; i < NODES; i++) {
			this.nodes.add(CutNode.start(this.fleet, this.database, "unused"));
		}
		this.fleet.awaitAtWork(NODES);
		long start = System.nanoTime();
		while (System.nanoTime() - start < this.scenario.time().toNanos()) {
			strike();
		}
		this.nodes.forEach((node) -> node.proxy().pass());
		try {
			await().until(() -> this.database.count("background_job_job") == 0);
		}
		catch (ConditionTimeoutException ex) {
			// The judgement says what is missing.
			this.faults.add("gave up: " + ex.getMessage());
		}
	}

	private void strike() {
		NetworkFault fault = NetworkFault.choose(this.random, this.scenario.longest());
		List<CutNode> struck = switch (this.random.nextInt(5)) {
			case 0 -> this.nodes;
			case 1, 2 -> this.nodes.subList(0, 1);
			default -> this.nodes.subList(1, NODES);
		};
		Duration since = Duration.between(this.begin, this.database.now());
		this.faults.add(since + " " + fault + " on "
				+ struck.stream().map((node) -> node.node().name()).collect(Collectors.joining(", ")));
		struck.forEach((node) -> fault.strike(node.proxy()));
		enqueueFor(fault.length());
		struck.forEach((node) -> node.proxy().pass());
		enqueueFor(this.scenario.longest().multipliedBy(this.random.nextInt(50)).dividedBy(100));
	}

	private void enqueueFor(Duration time) {
		long start = System.nanoTime();
		await().until(() -> {
			for (int i = 0; i < JOBS_AT_A_TIME; i++) {
				enqueue();
			}
			return System.nanoTime() - start >= time.toNanos();
		});
	}

	private void enqueue() {
		int number = this.committed.size();
		int millis = (this.jobs.nextInt(100) < 3) ? 1_500 : this.jobs.nextInt(60);
		Object job = isEffect(number) ? new StubbornEffect(number, millis) : new Stubborn(number, millis);
		long id = this.database.client().enqueue(job).id().value();
		this.committed.put(number, new Note(id, this.database.now()));
	}

	static boolean isEffect(int number) {
		return number % 2 == 0;
	}

	List<String> violations() {
		return oracle().violations(this::timeline);
	}

	private NetworkOracle oracle() {
		Map<Integer, Long> ids = new LinkedHashMap<>();
		this.committed.forEach((number, note) -> ids.put(number, note.jobId()));
		List<Long> givenBack = this.nodes.stream()
			.flatMap((node) -> NodeOutput.of(node.node()).givenBackWithoutLease().stream())
			.toList();
		return new NetworkOracle(this.database.jdbc(), ids, givenBack);
	}

	String summary() {
		return this.committed.size() + " jobs, " + oracle().summary() + "; " + this.faults.size() + " faults";
	}

	List<String> faults() {
		return List.copyOf(this.faults);
	}

	private String timeline(int number) {
		Map<String, Path> logs = this.fleet.all()
			.stream()
			.collect(Collectors.toMap(NodeProcess::name, NodeProcess::logFile));
		return new Oracle(new RunFacts(new Plan(List.of(), List.of(), Map.of()), PATIENCE,
				new RunFacts.Period(this.begin, this.database.now()), this.committed, List.of(),
				Evidence.read(this.database.jdbc()), logs))
			.timeline(number);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).pollInSameThread();
	}

	@Override
	public void close() {
		this.fleet.close();
		this.nodes.forEach(CutNode::close);
		this.database.close();
	}

}
