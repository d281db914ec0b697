package io.jobstarter;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What somebody has written to a dead letter.
 *
 * @param at when
 * @param author who, or {@code null} if that is not known
 * @param text what
 */
public record DeadLetterNote(Instant at, @Nullable String author, String text) {
}
