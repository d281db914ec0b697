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
 */
public record JobOverrides(@Nullable String queue, @Nullable Integer priority, @Nullable Duration timeout,
		@Nullable Boolean deadLetter) {

	static final JobOverrides NONE = new JobOverrides(null, null, null, null);

}
