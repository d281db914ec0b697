package io.jobstarter.faults.fires;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A recurring job whose nodes are killed and stopped at each fire: in short as a test
 * like any other, or as system properties say, see {@code fault-tests/README.md}.
 */
class FireTests {

	static List<FireScenario> scenarios() {
		return FireScenario.of(System::getProperty);
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void eachInstantFiresOnceHoweverOftenTheNodeThatEnqueuesIsStruck(FireScenario scenario) {
		System.out.println("Fire test: " + scenario);
		FireFacts facts = FireRun.of(scenario);
		FireOracle oracle = new FireOracle(facts);
		List<String> violations = oracle.violations();
		System.out.println("Fire test: " + oracle.summary());
		assertThat(violations).as("run again by: mvn verify -pl fault-tests -am -Pfire " + scenario).isEmpty();
		assertThat(facts.fires()).as("fires").hasSizeGreaterThanOrEqualTo(scenario.fires());
		assertThat(facts.strikes()).as("nodes that were struck").isNotEmpty();
	}

}
