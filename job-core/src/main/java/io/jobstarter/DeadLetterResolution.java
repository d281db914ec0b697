package io.jobstarter;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What somebody did about a dead letter.
 *
 * @param state {@link DeadLetterState#RETRIED} or {@link DeadLetterState#DISCARDED}
 * @param at when
 * @param by who, or {@code null} if that is not known
 * @param why why, or {@code null} if no reason was given
 * @param retriedAs the job that was enqueued in its place, if it was retried
 */
public record DeadLetterResolution(DeadLetterState state, Instant at, @Nullable String by, @Nullable String why,
		@Nullable JobId retriedAs) {
}
