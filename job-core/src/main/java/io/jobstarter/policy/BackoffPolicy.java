package io.jobstarter.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

import io.jobstarter.Backoff;
import io.jobstarter.DueTime;
import io.jobstarter.InvalidJobException;

/**
 * Retries a number of times, after waits that grow by a {@link Backoff}.
 *
 * @param maxAttempts how many attempts in all, at least 1
 * @param delay the wait before the second attempt
 * @param backoff how it grows
 * @param maxDelay the longest wait, before jitter
 * @param jitter the share of the wait that is added at most, by chance
 * @param chance gives numbers from 0 up to 1
 */
public record BackoffPolicy(int maxAttempts, Duration delay, Backoff backoff, Duration maxDelay, double jitter,
		DoubleSupplier chance) implements RetryPolicy {

	/**
	 * What holds where nothing else is declared: 10 attempts within about half a day to a
	 * day, 3 s, 9 s, 27 s … at most an hour apart.
	 */
	public static final BackoffPolicy DEFAULT = new BackoffPolicy(10, Duration.ofSeconds(3), Backoff.EXPONENTIAL,
			Duration.ofHours(1), 0.15, BackoffPolicy::threadLocalChance);

	private static final int GROWTH = 3;

	public BackoffPolicy {
		if (maxAttempts < 1) {
			throw new InvalidJobException("maxAttempts is at least 1, not " + maxAttempts);
		}
		if (delay.isNegative() || maxDelay.compareTo(delay) < 0) {
			throw new InvalidJobException(
					"delay is " + delay + ", but has to be between 0 and maxDelay (" + maxDelay + ")");
		}
		if (maxDelay.compareTo(DueTime.In.MAX) > 0) {
			throw new InvalidJobException("delay and maxDelay are at most 100 years, unlike " + maxDelay);
		}
		if (!(jitter >= 0 && jitter <= 1)) {
			throw new InvalidJobException("jitter is between 0 and 1, not " + jitter);
		}
	}

	/**
	 * Makes a policy with ordinary chance.
	 * @param maxAttempts how many attempts in all
	 * @param delay the wait before the second attempt
	 * @param backoff how it grows
	 * @param maxDelay the longest wait, before jitter
	 * @param jitter the share of the wait that is added at most
	 */
	public BackoffPolicy(int maxAttempts, Duration delay, Backoff backoff, Duration maxDelay, double jitter) {
		this(maxAttempts, delay, backoff, maxDelay, jitter, BackoffPolicy::threadLocalChance);
	}

	@Override
	public Optional<Duration> delayAfter(int failures, Throwable error) {
		if (failures >= this.maxAttempts) {
			return Optional.empty();
		}
		double wait = Math.min(grown(failures), this.maxDelay.toMillis());
		return Optional.of(Duration.ofMillis((long) (wait * (1 + this.jitter * this.chance.getAsDouble()))));
	}

	private double grown(int failures) {
		double first = this.delay.toMillis();
		return switch (this.backoff) {
			case FIXED -> first;
			case LINEAR -> first * failures;
			case EXPONENTIAL -> first * Math.pow(GROWTH, failures - 1);
			case POLYNOMIAL -> first + (Math.pow(failures, 4) + 2) * 1000;
		};
	}

	private static double threadLocalChance() {
		return ThreadLocalRandom.current().nextDouble();
	}

}
