package io.jobstarter.benchmarks.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class RunFileTests {

	private static final Unit UNIT = new Unit(2, "drain", "engine", List.of(new Figure("drain", "jobs/s", 1.5)),
			List.of("slow"));

	@TempDir
	private Path directory;

	@Test
	void keepsWhatIsFinishedForTheNextStart() {
		open("full").add(UNIT);
		RunFile next = open("full");
		assertThat(next.run().units()).containsExactly(UNIT);
		assertThat(next.has(2, "drain", "engine")).isTrue();
		assertThat(next.has(3, "drain", "engine")).isFalse();
		assertThat(next.has(2, "enqueue", "engine")).isFalse();
		assertThat(next.has(2, "drain", "other")).isFalse();
	}

	@Test
	void beginsAnewForAnotherPlan() {
		open("full").add(UNIT);
		assertThat(open("quick").run().units()).isEmpty();
	}

	@Test
	void keepsFactsThatHaveChangedBesideTheNewOnes() {
		open("full").facts(Map.of("JDK", "17", "CPU", "fast"));
		RunFile next = open("full");
		next.facts(Map.of("JDK", "25", "CPU", "fast"));
		assertThat(next.run().facts()).containsEntry("JDK", "17; 25").containsEntry("CPU", "fast");
	}

	private RunFile open(String plan) {
		return new RunFile(this.directory.resolve("results.json"), plan);
	}

}
