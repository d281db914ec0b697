package io.jobstarter.handler;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about one job; {@code null} leaves it to the annotation.
 *
 * @param queue the queue
 * @param priority the priority
 * @param timeout how long an attempt may take
 * @param deadLetter whether dead jobs are kept
 * @param policies its named policies
 * @param unique how its jobs are unique
 */
public record JobOverrides(@Nullable String queue, @Nullable Integer priority, @Nullable Duration timeout,
		@Nullable Boolean deadLetter, PolicyOverrides policies, UniqueOverrides unique) {

	static final JobOverrides NONE = new JobOverrides(null, null, null, null);

	/**
	 * Says nothing of policies and unique keys.
	 */
	public JobOverrides(@Nullable String queue, @Nullable Integer priority, @Nullable Duration timeout,
			@Nullable Boolean deadLetter) {
		this(queue, priority, timeout, deadLetter, PolicyOverrides.NONE, UniqueOverrides.NONE);
	}

}
