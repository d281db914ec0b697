package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;

import io.jobstarter.DeadLetterNote;
import org.jspecify.annotations.Nullable;

/**
 * A note to a dead letter as the endpoint shows it.
 *
 * @param at when it was written
 * @param author by whom
 * @param text what
 */
public record DeadLetterNoteView(Instant at, @Nullable String author, String text) {

	static DeadLetterNoteView of(DeadLetterNote note) {
		return new DeadLetterNoteView(note.at(), note.author(), note.text());
	}

}
