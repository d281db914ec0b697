package io.jobstarter.faults.network;

import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Networks that fail by chance, all the time: see {@code fault-tests/README.md}.
 */
class NetworkTests {

	static Stream<NetworkScenario> scenarios() {
		return NetworkScenario.ofThisRun();
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void nothingIsLostAndNothingIsDoneTwiceWhateverTheNetworkDoes(NetworkScenario scenario) {
		System.out.println("Network test: " + scenario);
		try (NetworkRun run = new NetworkRun(scenario)) {
			run.run();
			System.out.println("Network test: " + run.summary());
			assertThat(run.violations())
				.withFailMessage(() -> scenario + "\n" + String.join("\n", run.faults()) + "\n"
						+ String.join("\n", run.violations()))
				.isEmpty();
		}
	}

}
