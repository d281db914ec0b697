package io.jobstarter.faults.process;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.faults.DeadlyJobs.Deadly;
import io.jobstarter.faults.DeadlyJobs.ExitsWhenInterrupted;
import io.jobstarter.faults.DeadlyJobs.Way;
import io.jobstarter.faults.Jobs.Effect;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.RunProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs that end the process that they run in, in every way that there is.
 */
@Execution(ExecutionMode.CONCURRENT)
class DeadlyJobTests {

	/** The third crash is one too many. */
	private static final int CRASHES = 3;

	private static final int NEIGHBOURS = 60;

	private static final NodeOptions NODE = NodeOptions.NONE.withJvm("-XX:+ExitOnOutOfMemoryError");

	private final Form form = Form.current();

	private final FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);

	private final Fleet fleet = new Fleet(this.database, this.form.settings());

	@AfterEach
	void close() {
		this.fleet.close();
		this.database.close();
	}

	/**
	 * Two at once, or those of {@code -Dfaults.ways=CLOSE,MEMORY}; in the long form each
	 * alone and all at once as well.
	 */
	static Stream<List<Way>> poisons() {
		List<Way> together = new RunProperties("faults.", System::getProperty).get("ways",
				(names) -> Stream.of(names.split(",")).map(Way::valueOf).toList(), List.of(Way.EXIT, Way.KILL));
		Stream<List<Way>> others = Stream.concat(Stream.of(Way.values()).map(List::of),
				Stream.of(List.of(Way.values())));
		return Form.current().isLong() ? Stream.concat(Stream.of(together), others) : Stream.of(together);
	}

	@ParameterizedTest
	@MethodSource("poisons")
	void dieAfterThreeCrashesAndTakeNoNeighbourAlong(List<Way> poisons) {
		this.database.client().enqueueAll(works(0, NEIGHBOURS / 2));
		poisons.forEach((way) -> this.database.client().enqueue(new Deadly(1_000 + way.ordinal(), way)));
		this.database.client().enqueueAll(works(NEIGHBOURS / 2, NEIGHBOURS));
		this.database.client().enqueueAll(effects(NEIGHBOURS, 2 * NEIGHBOURS));
		Form.await().until(() -> {
			while (this.fleet.alive().size() < 2) {
				this.fleet.start(NODE);
			}
			return this.database.count("background_job_job") == 0;
		});
		assertThat(this.database.operations().deadLetters(DeadLetterFilter.ALL, null, 50).items())
			.hasSize(poisons.size())
			.allSatisfy((letter) -> {
				assertThat(letter.name()).isEqualTo("deadly");
				assertThat(letter.reason()).isEqualTo(DeadReason.CRASH);
			});
		poisons.forEach((way) -> assertThat(this.database.count("ledger where number = " + (1_000 + way.ordinal())))
			.isBetween(1, CRASHES));
		assertThat(this.database.count("background_job_history where state = 'SUCCEEDED' and attempts = 0"))
			.isEqualTo(2 * NEIGHBOURS);
		assertThat(this.database.effects())
			.containsExactlyElementsOf(IntStream.range(NEIGHBOURS, 2 * NEIGHBOURS).boxed().toList());
	}

	@Test
	void oneThatExitsWhileItsNodeStopsHoldsNobodyUp() {
		NodeProcess node = this.fleet.start(NodeOptions.NONE.with("--background-jobs.worker.shutdown-timeout=1s"));
		this.database.client().enqueue(new ExitsWhenInterrupted(0));
		Form.await().until(() -> this.database.count("ledger") == 1);
		long before = System.nanoTime();
		node.terminate();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).as("drain of 1 s and the JVM's own end")
			.isLessThan(Duration.ofSeconds(30));
		assertThat(this.database.operations().deadLetters(DeadLetterFilter.ALL, null, 50).items()).isEmpty();
		assertThat(this.database.count("background_job_job")).isOne();
	}

	private static List<Work> works(int first, int end) {
		return IntStream.range(first, end).mapToObj((number) -> Work.taking(number, 30)).toList();
	}

	private static List<Effect> effects(int first, int end) {
		return IntStream.range(first, end).mapToObj((number) -> Effect.taking(number, 30)).toList();
	}

}
