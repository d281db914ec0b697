package io.jobstarter.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.jobstarter.Backoff;
import io.jobstarter.InvalidJobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BackoffPolicyTests {

	private static final Exception ERROR = new Exception();

	@ParameterizedTest
	@CsvSource({ "FIXED,2,2,2,2", "LINEAR,2,4,6,8", "EXPONENTIAL,2,6,18,54", "POLYNOMIAL,5,20,85,260" })
	void waitsGrowByTheCurve(Backoff backoff, int first, int second, int third, int fourth) {
		BackoffPolicy policy = policy(5, Duration.ofSeconds(2), backoff, Duration.ofHours(1), 0, 0);
		assertThat(delays(policy, 5)).containsExactly(Duration.ofSeconds(first), Duration.ofSeconds(second),
				Duration.ofSeconds(third), Duration.ofSeconds(fourth));
	}

	@Test
	void thePolynomialCurveWithoutAWaitIsThatOfRails() {
		BackoffPolicy policy = policy(6, Duration.ZERO, Backoff.POLYNOMIAL, Duration.ofHours(1), 0, 0);
		assertThat(delays(policy, 5)).extracting(Duration::toSeconds).containsExactly(3L, 18L, 83L, 258L, 627L);
	}

	@Test
	void theDefaultMakesTenAttemptsThreeSecondsToAnHourApart() {
		assertThat(delays(BackoffPolicy.DEFAULT, 10)).hasSize(9).satisfies((delays) -> {
			int[] seconds = { 3, 9, 27, 81, 243, 729, 2187, 3600, 3600 };
			for (int i = 0; i < seconds.length; i++) {
				assertThat(delays.get(i)).isBetween(Duration.ofSeconds(seconds[i]),
						Duration.ofMillis(seconds[i] * 1150L));
			}
		});
	}

	@ParameterizedTest
	@EnumSource(Backoff.class)
	void noCurvePassesTheLongestWaitHoweverManyFailures(Backoff backoff) {
		Duration longest = Duration.ofDays(365);
		BackoffPolicy policy = policy(Integer.MAX_VALUE, longest, backoff, longest, 0, 0);
		assertThat(policy.delayAfter(Integer.MAX_VALUE - 1, ERROR)).contains(longest);
	}

	@Test
	void jitterIsAddedAfterTheBoundAndNeverShortensTheWait() {
		Duration hour = Duration.ofHours(1);
		assertThat(policy(9, hour, Backoff.EXPONENTIAL, hour, 0.5, 0).delayAfter(5, ERROR)).contains(hour);
		assertThat(policy(9, hour, Backoff.EXPONENTIAL, hour, 0.5, 0.5).delayAfter(5, ERROR))
			.contains(Duration.ofMinutes(75));
		assertThat(policy(9, hour, Backoff.EXPONENTIAL, hour, 1, Math.nextDown(1.0)).delayAfter(5, ERROR))
			.hasValueSatisfying((delay) -> assertThat(delay).isLessThanOrEqualTo(hour.multipliedBy(2)));
	}

	@Test
	void jobsThatFailTogetherDoNotComeBackTogether() {
		assertThat(IntStream.range(0, 100).mapToObj((i) -> BackoffPolicy.DEFAULT.delayAfter(5, ERROR)).distinct())
			.hasSizeGreaterThan(50);
	}

	@Test
	void oneAttemptMeansNoRetry() {
		assertThat(policy(1, Duration.ZERO, Backoff.FIXED, Duration.ZERO, 0, 0).delayAfter(1, ERROR)).isEmpty();
	}

	@Test
	void refusesLessThanOneAttempt() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> policy(0, Duration.ZERO, Backoff.FIXED, Duration.ZERO, 0, 0))
			.withMessageContaining("maxAttempts");
	}

	@ParameterizedTest
	@CsvSource({ "PT-1S,PT1S", "PT2S,PT1S", "PT1S,P999999999999D" })
	void refusesWaitsThatAreNone(Duration delay, Duration maxDelay) {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> policy(2, delay, Backoff.FIXED, maxDelay, 0, 0))
			.withMessageContaining("delay");
	}

	@ParameterizedTest
	@ValueSource(doubles = { -0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY })
	void refusesJitterThatIsNoShare(double jitter) {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> policy(2, Duration.ZERO, Backoff.FIXED, Duration.ZERO, jitter, 0))
			.withMessageContaining("jitter");
	}

	private static BackoffPolicy policy(int maxAttempts, Duration delay, Backoff backoff, Duration maxDelay,
			double jitter, double chance) {
		return new BackoffPolicy(maxAttempts, delay, backoff, maxDelay, jitter, () -> chance);
	}

	private static List<Duration> delays(BackoffPolicy policy, int failures) {
		List<Duration> delays = new ArrayList<>();
		for (int i = 1; i <= failures; i++) {
			policy.delayAfter(i, ERROR).ifPresent(delays::add);
		}
		return delays;
	}

}
