package io.jobstarter;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler to be tried again after a delay of its own choice, such as a
 * {@code Retry-After} header. It uses up an attempt; out of attempts the job is dead.
 */
public final class JobRetry extends JobSignal {

	private final Duration delay;

	private JobRetry(Duration delay, @Nullable Throwable cause) {
		super("retry after " + delay, cause);
		this.delay = new DueTime.In(delay).delay();
	}

	/**
	 * Asks for another attempt.
	 * @param delay how long to wait, not negative
	 * @return what to throw
	 */
	public static JobRetry after(Duration delay) {
		return new JobRetry(delay, null);
	}

	/**
	 * Asks for another attempt.
	 * @param delay how long to wait, not negative
	 * @param cause why, recorded as the attempt's failure
	 * @return what to throw
	 */
	public static JobRetry after(Duration delay, Throwable cause) {
		return new JobRetry(delay, cause);
	}

	public Duration delay() {
		return this.delay;
	}

}
