package io.jobstarter;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A recurring job as operators see it.
 *
 * @param definition what was declared
 * @param source where it is declared
 * @param pause since when it does not fire, or {@code null} if it is not paused
 * @param nextFireAt when it fires next, or {@code null} if it does not: it is retired.
 * While it is paused, what it would have been
 * @param last its last job, or {@code null} if there was none yet
 * @param missed how many fires no job came of, since they were noticed too late
 * @param declaredAt when a node has last declared it; {@code null} if it is dynamic
 * @param retiredAt since when it does not fire, since no node has declared it for an
 * hour; {@code null} if it does
 */
public record RecurringJob(RecurringDefinition definition, RecurringSource source, @Nullable Pause pause,
		@Nullable Instant nextFireAt, @Nullable RecurringRun last, long missed, @Nullable Instant declaredAt,
		@Nullable Instant retiredAt) {

	/**
	 * Its id.
	 * @return the id
	 */
	public String id() {
		return this.definition.id();
	}

	/**
	 * Tells whether it fires.
	 * @return whether it is neither paused nor retired
	 */
	public boolean isActive() {
		return this.pause == null && this.retiredAt == null;
	}

	/**
	 * A pause.
	 *
	 * @param at since when
	 * @param by who paused it, if known
	 * @param reason why, if somebody said so
	 */
	public record Pause(Instant at, @Nullable String by, @Nullable String reason) {
	}

}
