package io.jobstarter.handler;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What holds for jobs that say nothing themselves.
 *
 * @param queue the queue
 * @param timeout how long an attempt may take, or {@code null} for as long as it likes
 * @param retry the retry instance, or {@code null} for the default policy
 */
public record JobDefaults(String queue, @Nullable Duration timeout, @Nullable String retry) {

	/**
	 * Names no retry instance.
	 */
	public JobDefaults(String queue, @Nullable Duration timeout) {
		this(queue, timeout, null);
	}

}
