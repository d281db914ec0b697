package io.jobstarter.rehearsal;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the rehearsal itself, with an outage of some seconds.
 */
class OutageRehearsalTests {

	private static final Duration OPEN = Duration.ofSeconds(1);

	private static Scenario scenario(Duration outage) {
		return new Scenario(Rehearsal.ownDatabase(), 100, outage, OPEN, Duration.ofSeconds(60));
	}

	@Test
	void theCircuitBreakerKeepsCallsFromABrokenSystemAndUsesUpNoAttempt() {
		Outcome outcome = Rehearsal.run(scenario(Duration.ofSeconds(4)), true);
		assertThat(outcome.drained()).isTrue();
		// Two nodes with a window of 10 calls and 5 slots, and 3 probes at a time; some
		// more where the
		// outage ends late.
		assertThat(outcome.callsWhileBroken()).isBetween(10, 60);
		assertThat(outcome.attemptsWithoutCall()).isZero();
		assertThat(outcome.deadLetters()).isZero();
		assertThat(outcome.mostClaims()).isLessThanOrEqualTo(10);
	}

	@Test
	void withoutOneEachJobCallsTheBrokenSystem() {
		Outcome outcome = Rehearsal.run(scenario(Duration.ofSeconds(2)), false);
		assertThat(outcome.callsWhileBroken()).isGreaterThanOrEqualTo(100);
		assertThat(new OutageReport(outcome, outcome).toString()).contains("calls that reached the broken system")
			.contains("#");
	}

}
