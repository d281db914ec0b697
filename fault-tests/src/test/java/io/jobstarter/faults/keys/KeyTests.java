package io.jobstarter.faults.keys;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Limits and orders of keys on nodes that are killed and stopped all the time: in short
 * as a test like any other, or as system properties say, see
 * {@code fault-tests/README.md}.
 */
class KeyTests {

	private static final int SHOWN = 20;

	@Test
	void noTwoHoldAPermitThatIsThereOnceHoweverNodesAreStruck() throws Exception {
		KeyScenario scenario = KeyScenario.of(System::getProperty);
		System.out.println("Key test: " + scenario);
		KeyFacts facts = KeyRun.of(scenario);
		KeyOracle oracle = new KeyOracle(facts);
		List<String> violations = oracle.violations();
		System.out.println("Key test: " + oracle.summary());
		assertThat(violations.stream().limit(SHOWN))
			.as("%d violations; run again by: mvn verify -pl fault-tests -am -Pkeys %s", violations.size(), scenario)
			.isEmpty();
		assertThat(facts.strikes()).as("nodes that were struck").isNotEmpty();
	}

}
