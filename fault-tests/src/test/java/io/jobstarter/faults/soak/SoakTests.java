package io.jobstarter.faults.soak;

import java.nio.file.Path;

import io.jobstarter.faults.soak.GrowthRule.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What two nodes and their database use under a steady load does not grow, and no job is
 * lost meanwhile. See the README for the long form.
 */
class SoakTests {

	private static final Path REPORT = Path.of("target", "soak");

	@Test
	void nothingGrowsAndNothingIsLost() throws Exception {
		SoakScenario scenario = SoakScenario.of(System::getProperty);
		System.out.println("Soak: " + scenario);
		SoakRun.Result result = SoakRun.of(scenario);
		SoakReport report = new SoakReport(result.measurements());
		report.write(REPORT);
		SoakBooks books = result.books();
		System.out.println("Jobs: " + books.countCommitted() + ", repeated by kills: " + books.countRepeated());
		report.verdicts().forEach(System.out::println);
		assertThat(books.lost()).as("lost, of %s", scenario).isEmpty();
		assertThat(books.unexpected()).as("unexpected, of %s", scenario).isEmpty();
		assertThat(report.verdicts()).as("figures in %s, of %s", REPORT, scenario)
			// In some seconds a node that has just started grows, but everything is
			// measured.
			.noneMatch(scenario.isLong() ? Verdict::grows : Verdict::isMissing);
	}

}
