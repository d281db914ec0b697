package io.jobstarter.faults.starts;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

import io.jobstarter.faults.Mistakes;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process with a bad setting ends by itself, soon, and says what is wrong with which
 * one. It has run no job by then.
 */
class BadStartTests {

	/**
	 * How long a start may take that fails. The promise is ten seconds, and how long it
	 * took is printed: a busy machine needs longer for any start.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static FleetDatabase database;

	private static Fleet fleet;

	@BeforeAll
	static void createDatabase() {
		database = FleetDatabase.create(FleetServer.POSTGRESQL);
		fleet = new Fleet(database, List.of());
	}

	@AfterAll
	static void close() {
		fleet.close();
		database.close();
	}

	@Test
	void nodesWithMistakesEndByThemselvesAndSayWhatIsWrong() {
		List<Mistake> mistakes = List.of(
				new Mistake("--background-jobs.queues.default.concurrency=0",
						List.of("background-jobs.queues.default.concurrency", "between 1 and")),
				new Mistake("--background-jobs.worker.lease=900ms",
						List.of("background-jobs.worker.lease", "at least five heartbeats (2500ms)")),
				new Mistake("--background-jobs.recurring.tick.schedule=61 * * * * *",
						List.of("background-jobs.recurring.tick.schedule", "0 - 59")),
				new Mistake(Mistakes.SETTING + Mistakes.TWICE, List.of(Mistakes.TWICE, "Twins.once", "Twins.again")),
				new Mistake(Mistakes.SETTING + Mistakes.HIDDEN, List.of("Recluse.hidden", "private")));
		NodeProcess next = start(mistakes.get(0));
		for (int i = 0; i < mistakes.size(); i++) {
			NodeProcess node = next;
			// Two at a time: each has a processor.
			next = (i + 1 < mistakes.size()) ? start(mistakes.get(i + 1)) : node;
			check(node, mistakes.get(i));
		}
		assertThat(database.count("background_job_worker")).as("workers that were registered").isZero();
	}

	private static NodeProcess start(Mistake mistake) {
		return fleet.start(NodeOptions.NONE.with(mistake.setting()));
	}

	private static void check(NodeProcess node, Mistake mistake) {
		OptionalInt exit = node.awaitExit(PATIENCE);
		assertThat(exit).as("exit code within %s with %s; the log:%n%s", PATIENCE, mistake.setting(), node.log())
			.isPresent();
		System.out.printf("Bad starts: %.1f s from start to exit with %s%n", node.lifetime().toMillis() / 1000.0,
				mistake.setting());
		assertThat(exit.getAsInt()).as("exit code with %s", mistake.setting()).isNotZero();
		assertThat(node.log()).contains("APPLICATION FAILED TO START").contains(mistake.said());
	}

	/**
	 * A mistake.
	 *
	 * @param setting what the node is started with
	 * @param said what it says of it
	 */
	private record Mistake(String setting, List<String> said) {
	}

}
