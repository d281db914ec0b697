package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * Which dead letters to list; {@code null} means any.
 *
 * @param name the job name
 * @param queue the queue
 * @param reason why it died
 * @param open {@code true} for those that nobody has resolved, {@code false} for the
 * others
 */
public record DeadLetterFilter(@Nullable String name, @Nullable String queue, @Nullable DeadReason reason,
		@Nullable Boolean open) {

	/**
	 * Every dead letter.
	 */
	public static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null);

	/**
	 * The dead letters that nobody has resolved.
	 */
	public static final DeadLetterFilter OPEN = new DeadLetterFilter(null, null, null, true);

}
