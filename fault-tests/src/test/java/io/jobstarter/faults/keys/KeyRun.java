package io.jobstarter.faults.keys;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.jobstarter.faults.Keyed;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.Strike;
import io.jobstarter.faults.oracle.Invariants;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Runs a scenario: half of the jobs are there when the fleet starts, the others are
 * enqueued while its nodes are killed and stopped, until everything is done.
 */
final class KeyRun implements AutoCloseable {

	private static final int PRODUCERS = 2;

	private static final Duration LAST_LOOK = Duration.ofSeconds(30);

	private final KeyScenario scenario;

	private final List<Keyed> plan;

	private final FleetDatabase database;

	private final Fleet fleet;

	private final KeyProducer producer;

	private final ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS);

	private KeyRun(KeyScenario scenario) {
		this.scenario = scenario;
		this.plan = scenario.plan();
		this.database = FleetDatabase.create(scenario.database());
		this.fleet = new Fleet(this.database, scenario.nodeSettings());
		this.producer = new KeyProducer(this.database, scenario.seed());
	}

	/**
	 * Runs a scenario to its end, or until it has taken too long.
	 * @param scenario the scenario
	 * @return what it has left behind
	 * @throws Exception if the fleet or the producers fail
	 */
	static KeyFacts of(KeyScenario scenario) throws Exception {
		try (KeyRun run = new KeyRun(scenario)) {
			return run.run();
		}
	}

	private KeyFacts run() throws Exception {
		int half = this.plan.size() / 2;
		this.producer.batches(this.plan.subList(0, half)).forEach(this.producer::enqueue);
		this.fleet.start(this.scenario.nodes());
		KeyStriker striker = new KeyStriker(this.database, this.fleet, this.scenario);
		try (PermitWatch watch = new PermitWatch(this.database.jdbc())) {
			List<Future<?>> producing = produce(this.plan.subList(half, this.plan.size()));
			quietly(() -> strikeUntilDone(producing, striker));
			striker.thaw();
			quietly(this::awaitBodies);
			for (Future<?> future : producing) {
				// They have ended, unless there was no time left.
				future.cancel(true);
			}
			return facts(striker.strikes(), watch.found());
		}
	}

	private List<Future<?>> produce(List<Keyed> jobs) {
		List<Future<?>> producing = new ArrayList<>();
		for (int i = 0; i < PRODUCERS; i++) {
			int index = i;
			List<List<Keyed>> batches = this.producer.batches(
					jobs.stream().filter((job) -> Math.floorMod(job.key().hashCode(), PRODUCERS) == index).toList());
			producing.add(this.threads.submit(() -> batches.forEach(this.producer::enqueue)));
		}
		return producing;
	}

	private void strikeUntilDone(List<Future<?>> producing, KeyStriker striker) throws Exception {
		Awaitility.await()
			.atMost(this.scenario.patience())
			.pollInSameThread()
			.pollInterval(Duration.ofMillis(100))
			.until(() -> {
				boolean produced = producing.stream().allMatch(Future::isDone);
				int unfinished = this.database.count("background_job_job");
				// What the last killed node held is to come to its end in peace.
				if (!produced || unfinished > this.scenario.slots() * this.scenario.nodes()) {
					striker.turn();
				}
				else {
					striker.thaw();
				}
				return produced && unfinished == 0;
			});
		for (Future<?> future : producing) {
			future.get();
		}
	}

	// Those of a node that has gone on say so when they end.
	private void awaitBodies() {
		String pids = this.fleet.alive()
			.stream()
			.map(NodeProcess::pid)
			.map(String::valueOf)
			.collect(Collectors.joining(", "));
		Awaitility.await()
			.atMost(LAST_LOOK)
			.until(() -> this.database.count("body where ended_at is null and pid in (" + pids + ")") == 0);
	}

	private KeyFacts facts(List<Strike> strikes, List<String> held) {
		Map<Integer, Keyed> expected = this.plan.stream().collect(Collectors.toMap(Keyed::number, Function.identity()));
		return new KeyFacts(this.scenario.lease(), expected, strikes, KeyFacts.bodies(this.database.jdbc()),
				KeyFacts.effects(this.database.jdbc()), KeyFacts.succeeded(this.database.jdbc()), held, left());
	}

	private List<String> left() {
		List<String> left = new ArrayList<>();
		for (String what : List.of("background_job_job", "background_job_dead_letter",
				"background_job_key where running <> 0")) {
			int count = this.database.count(what);
			if (count > 0) {
				left.add("left: " + count + " of " + what);
			}
		}
		left.addAll(
				Invariants.brokenAfter(this.database.jdbc(), this.scenario.lease().multipliedBy(2).plus(LAST_LOOK)));
		return left;
	}

	// If it does not come to an end in time, the oracle says what is missing.
	private static void quietly(Task task) throws Exception {
		try {
			task.run();
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

	/**
	 * What may fail.
	 */
	private interface Task {

		void run() throws Exception;

	}

}
