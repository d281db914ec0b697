package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;

import io.jobstarter.DeadLetterCallback;
import io.jobstarter.autoconfigure.actuate.PayloadMask.Shown;
import org.jspecify.annotations.Nullable;

/**
 * How far the handler of a dead letter was told, as the endpoint shows it.
 *
 * @param state how far
 * @param tries how often it was called
 * @param endedAt when it returned, or was given up
 * @param error what the last call threw, masked unless it may be shown
 */
public record DeadLetterCallbackView(DeadLetterCallback.State state, int tries, @Nullable Instant endedAt,
		@Nullable String error) {

	static @Nullable DeadLetterCallbackView of(@Nullable DeadLetterCallback callback, Shown shown) {
		return (callback != null) ? new DeadLetterCallbackView(callback.state(), callback.tries(), callback.endedAt(),
				(callback.error() != null) ? shown.message(callback.error()) : null) : null;
	}

}
