package io.jobstarter.policy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.RetryConfig;
import io.jobstarter.DueTime;
import io.jobstarter.JobRetry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class Resilience4jRetryPolicyTests {

	private static final Exception ERROR = new IOException();

	@Test
	void makesAsManyAttemptsAsTheInstanceAfterItsIntervals() {
		RetryPolicy policy = policy(custom().maxAttempts(3)
			.intervalFunction(IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(2), 5)));
		assertThat(policy.delayAfter(1, ERROR)).contains(Duration.ofSeconds(2));
		assertThat(policy.delayAfter(2, ERROR)).contains(Duration.ofSeconds(10));
		assertThat(policy.delayAfter(3, ERROR)).isEmpty();
	}

	@Test
	void theIntervalMayDependOnTheError() {
		RetryPolicy policy = policy(custom().maxAttempts(9)
			.intervalBiFunction((attempt, result) -> attempt * (result.getLeft() == ERROR ? 10L : 1L)));
		assertThat(policy.delayAfter(7, ERROR)).contains(Duration.ofMillis(70));
		assertThat(policy.delayAfter(7, new Exception())).contains(Duration.ofMillis(7));
	}

	@Test
	void doesNotRetryWhatThePredicatesRefuse() {
		RetryPolicy policy = policy(
				custom().retryExceptions(IOException.class).ignoreExceptions(FileNotFoundException.class));
		assertThat(policy.delayAfter(1, ERROR)).isPresent();
		assertThat(policy.delayAfter(1, new FileNotFoundException())).isEmpty();
		assertThat(policy.delayAfter(1, new IllegalStateException())).isEmpty();
	}

	@Test
	void aHandlerThatAsksForAnotherAttemptGetsItWhateverThePredicatesAreFor() {
		RetryPolicy policy = policy(custom().maxAttempts(3).retryExceptions(IOException.class));
		assertThat(policy.delayAfter(2, JobRetry.after(Duration.ZERO))).isPresent();
		assertThat(policy.delayAfter(3, JobRetry.after(Duration.ZERO))).isEmpty();
	}

	@Test
	void aPredicateThatThrowsLosesNoJob() {
		RetryPolicy policy = policy(custom().maxAttempts(3).retryOnException((error) -> {
			throw new Hostile();
		}));
		assertThat(policy.delayAfter(2, ERROR)).isPresent();
		assertThat(policy.delayAfter(3, ERROR)).isEmpty();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(longs = { -1, Long.MIN_VALUE })
	void anIntervalThatIsNoneIsReplacedAndTheAttemptsStillCount(@Nullable Long nonsense) {
		RetryPolicy policy = policy(custom().maxAttempts(100).intervalBiFunction((attempt, result) -> nonsense));
		assertThat(policy.delayAfter(1, ERROR).orElseThrow()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
		assertThat(policy.delayAfter(99, ERROR).orElseThrow()).isBetween(Duration.ofHours(1), Duration.ofHours(2));
		assertThat(policy.delayAfter(100, ERROR)).isEmpty();
	}

	@Test
	void anIntervalFunctionThatThrowsIsReplaced() {
		RetryPolicy policy = policy(custom().maxAttempts(100).intervalBiFunction((attempt, result) -> {
			throw new Hostile();
		}));
		assertThat(policy.delayAfter(2, ERROR).orElseThrow()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
	}

	@Test
	void waitsNoLongerThanCanBeStored() {
		RetryPolicy policy = policy(custom().maxAttempts(2).intervalBiFunction((attempt, result) -> Long.MAX_VALUE));
		assertThat(policy.delayAfter(1, ERROR)).contains(DueTime.In.MAX);
	}

	@Test
	void looksTheConfigurationUpAtEachFailure() {
		AtomicReference<RetryConfig> config = new AtomicReference<>(custom().maxAttempts(1).build());
		RetryPolicy policy = new Resilience4jRetryPolicy(config::get);
		assertThat(policy.delayAfter(1, ERROR)).isEmpty();
		config.set(custom().maxAttempts(2).build());
		assertThat(policy.delayAfter(1, ERROR)).isPresent();
	}

	private static RetryConfig.Builder<Object> custom() {
		return RetryConfig.custom();
	}

	private static RetryPolicy policy(RetryConfig.Builder<Object> config) {
		RetryConfig built = config.build();
		return new Resilience4jRetryPolicy(() -> built);
	}

	/**
	 * Throws when somebody looks at it.
	 */
	private static final class Hostile extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException();
		}

	}

}
