package io.jobstarter.faults.kill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.oracle.Plan;
import io.jobstarter.faults.oracle.Plan.Batch;
import io.jobstarter.faults.oracle.PlannedJob;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlannerTests {

	private static final Plan PLAN = Planner.plan(scenario(1));

	@Test
	void plansTheSameForTheSameSeedAndSomethingElseForAnother() {
		assertThat(Planner.plan(scenario(1))).isEqualTo(PLAN);
		assertThat(Planner.plan(scenario(2))).isNotEqualTo(PLAN);
	}

	@Test
	void plansAsManyEffectsAsThereAreJobsAndAQuarterOfOthers() {
		assertThat(PLAN.effects()).isEqualTo(1_000);
		assertThat(PLAN.expected()).hasSize(1_250);
	}

	@Test
	void enqueuesEveryExpectedJobOnceAndCommitsIt() {
		List<Integer> numbers = new ArrayList<>();
		batches().filter((batch) -> !batch.rolledBack())
			.flatMap((batch) -> batch.jobs().stream())
			.flatMap((job) -> Stream.of(job, job.followUp()).filter(Objects::nonNull))
			.forEach((job) -> numbers.add(job.number()));
		assertThat(numbers).containsExactlyInAnyOrderElementsOf(PLAN.expected().keySet());
	}

	@Test
	void expectsNothingOfWhatIsRolledBack() {
		List<Batch> rolledBack = batches().filter(Batch::rolledBack).toList();
		assertThat(rolledBack).isNotEmpty()
			.flatMap(Batch::jobs)
			.extracting(PlannedJob::number)
			.doesNotContainAnyElementsOf(PLAN.expected().keySet());
	}

	@Test
	void mixesEverythingThatCanBe() {
		assertThat(PLAN.expected().values()).anyMatch((job) -> job.followUp() != null)
			.anyMatch((job) -> job.failures() == 1)
			.anyMatch((job) -> job.failures() == 2)
			.anyMatch((job) -> job.placement().priority() > 0)
			.anyMatch((job) -> job.placement().delayMillis() > 0)
			.anyMatch((job) -> job.placement().twice())
			.extracting((job) -> job.placement().queue())
			.containsAll(Plan.QUEUES);
	}

	private static Stream<Batch> batches() {
		return Stream.concat(PLAN.before().stream(), PLAN.meanwhile().stream());
	}

	private static Scenario scenario(long seed) {
		Duration lease = Duration.ofSeconds(4);
		return new Scenario(FleetServer.POSTGRESQL, seed, 2, 1_000, 8, lease, Scenario.heartbeatOf(lease),
				Duration.ofSeconds(2), Duration.ofMillis(100));
	}

}
