package io.jobstarter.faults.life;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The life of a job, whatever operators and failing nodes do at the same time: every
 * change of every job is one that the model allows, and every answer was true.
 */
class LifeTests {

	private static final int SHOWN = 20;

	static Stream<LifeScenario> scenarios() {
		return LifeScenario.of(System::getProperty).stream();
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void everyJobKeepsToTheArrowsAndEveryAnswerIsTrue(LifeScenario scenario) throws Exception {
		System.out.println("Life test: " + scenario);
		LifeFacts facts = LifeRun.of(scenario);
		LifeOracle oracle = new LifeOracle(facts);
		System.out.println("Life test: " + oracle.summary());
		List<String> broken = oracle.broken();
		if (!broken.isEmpty()) {
			System.out.println(String.join("\n", broken.subList(0, Math.min(SHOWN, broken.size()))));
			System.out.println(oracle.timelines(5));
		}
		assertThat(broken.stream().limit(SHOWN))
			.as("%d violations; run again by: mvn verify -pl fault-tests -am -Plife -Dlife.seeds=1 %s; with fewer threads it is simpler",
					broken.size(), scenario)
			.isEmpty();
		assertThat(facts.acts()).as("what was asked for").hasSizeGreaterThan(100);
	}

}
