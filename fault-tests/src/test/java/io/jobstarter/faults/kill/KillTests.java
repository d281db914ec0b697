package io.jobstarter.faults.kill;

import java.util.stream.Stream;

import io.jobstarter.faults.oracle.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fleets whose nodes are killed all the time: in short as a test like any other, or as
 * system properties say, see {@code fault-tests/README.md}.
 */
class KillTests {

	static Stream<Scenario> scenarios() {
		return ScenarioProperties.ofThisRun();
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void aFleetThatIsBeingKilledLosesNothingAndDoesNothingTwice(Scenario scenario) throws Exception {
		System.out.println("Kill test: " + scenario);
		Verdict verdict = KillRun.of(scenario);
		System.out.println("Kill test: " + verdict.summary());
		assertThat(verdict.isGood())
			.withFailMessage(() -> "Run again by: mvn verify -pl fault-tests -am -Pkill " + scenario + "\n"
					+ verdict.summary() + "\n" + verdict.explanation())
			.isTrue();
		assertThat(verdict.run().ends()).as("nodes that were ended: it takes more jobs, or a shorter -Dkill.interval")
			.isNotEmpty();
	}

}
