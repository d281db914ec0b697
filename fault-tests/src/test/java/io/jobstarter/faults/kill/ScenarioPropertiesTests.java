package io.jobstarter.faults.kill;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.jobstarter.faults.fleet.FleetServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ScenarioPropertiesTests {

	@Test
	void runsTheShortFormOnEveryDatabaseThatIsThere() {
		assertThat(read(Map.of())).hasSameSizeAs(FleetServer.available()).allSatisfy((scenario) -> {
			assertThat(scenario.nodes()).isEqualTo(2);
			assertThat(scenario.jobs()).isEqualTo((scenario.database() == FleetServer.POSTGRESQL) ? 1_000 : 600);
		});
	}

	@Test
	void runsTheLongFormWithTwoNodesAndWithThree() {
		assertThat(read(Map.of("kill.form", "long"))).extracting(Scenario::nodes).containsExactly(2, 3);
		assertThat(read(Map.of("kill.form", "long"))).extracting(Scenario::jobs).containsOnly(10_000);
	}

	@Test
	void takesEverythingFromProperties() {
		String text = "-Dkill.database=postgresql -Dkill.seed=42 -Dkill.nodes=3 -Dkill.jobs=17 -Dkill.slots=2 "
				+ "-Dkill.lease=7000ms -Dkill.heartbeat=300ms -Dkill.interval=1500ms -Dkill.body=20ms";
		Map<String, String> properties = Map.of("kill.database", "postgresql", "kill.seed", "42", "kill.nodes", "3",
				"kill.jobs", "17", "kill.slots", "2", "kill.lease", "7s", "kill.heartbeat", "300ms", "kill.interval",
				"1500ms", "kill.body", "20ms");
		assertThat(read(properties)).singleElement().hasToString(text);
	}

	@Test
	void takesAHeartbeatThatFitsTheLease() {
		assertThat(read(Map.of("kill.lease", "10s"))).extracting(Scenario::heartbeat)
			.containsOnly(Duration.ofMillis(1_250));
	}

	@Test
	void namesThePropertyThatIsWrongAndItsRange() {
		assertThatIllegalArgumentException().isThrownBy(() -> read(Map.of("kill.nodes", "1")))
			.withMessage("-Dkill.nodes has to be 2 to 8: one has to be there while another is down");
		assertThatIllegalArgumentException().isThrownBy(() -> read(Map.of("kill.lease", "soon")))
			.withMessageStartingWith("-Dkill.lease=soon cannot be: ");
		assertThatIllegalArgumentException().isThrownBy(() -> read(Map.of("kill.database", "dbase")))
			.withMessageContaining("No such database: dbase; there are [");
	}

	private static List<Scenario> read(Map<String, String> properties) {
		return new ScenarioProperties(properties::get).scenarios();
	}

}
