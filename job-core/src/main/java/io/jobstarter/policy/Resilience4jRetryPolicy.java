package io.jobstarter.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.RetryConfig;
import io.jobstarter.DueTime;
import io.jobstarter.JobSignal;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the configuration of a retry instance of Resilience4j: its number of
 * attempts, its interval function and its exception predicate. The instance itself never
 * runs, so what it says of results and of how it throws means nothing here.
 */
public final class Resilience4jRetryPolicy implements RetryPolicy {

	private static final Log logger = LogFactory.getLog(Resilience4jRetryPolicy.class);

	private static final int MAX_SHOWN = 500;

	private final Supplier<RetryConfig> config;

	/**
	 * Makes a policy.
	 * @param config looks the configuration up, at each failure: an instance may be
	 * replaced while the application runs
	 */
	public Resilience4jRetryPolicy(Supplier<RetryConfig> config) {
		this.config = config;
	}

	@Override
	public Optional<Duration> delayAfter(int failures, Throwable error) {
		RetryConfig config = this.config.get();
		if (failures >= config.getMaxAttempts() || !isRetried(config, error)) {
			return Optional.empty();
		}
		return Optional.of(interval(config, failures, error));
	}

	// A handler that asks for another attempt means it, whatever the predicate is for.
	private static boolean isRetried(RetryConfig config, Throwable error) {
		try {
			return error instanceof JobSignal || config.getExceptionPredicate().test(error);
		}
		catch (Throwable ex) {
			logger.error("The exception predicate of a retry instance failed: the attempt is tried again: "
					+ CleanText.oneLine(ex, MAX_SHOWN));
			return true;
		}
	}

	// The number of attempts holds whatever the function does.
	private static Duration interval(RetryConfig config, int failures, Throwable error) {
		try {
			@Nullable Long millis = config.<Object>getIntervalBiFunction().apply(failures, Either.left(error));
			if (millis != null && millis >= 0) {
				return (millis < DueTime.In.MAX.toMillis()) ? Duration.ofMillis(millis) : DueTime.In.MAX;
			}
			logger.error("The interval function of a retry instance returned " + millis
					+ ": the wait is that of the built-in policy");
		}
		catch (Throwable ex) {
			logger.error("The interval function of a retry instance failed: the wait is that of the built-in policy: "
					+ CleanText.oneLine(ex, MAX_SHOWN));
		}
		return BackoffPolicy.DEFAULT.delayAfter(Math.min(failures, BackoffPolicy.DEFAULT.maxAttempts() - 1), error)
			.orElseThrow();
	}

}
