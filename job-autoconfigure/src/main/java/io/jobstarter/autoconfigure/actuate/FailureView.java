package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;

import io.jobstarter.AttemptFailure;
import io.jobstarter.autoconfigure.actuate.PayloadMask.Shown;
import org.jspecify.annotations.Nullable;

/**
 * A failed attempt as the endpoints show it.
 *
 * @param number the number of the attempt
 * @param failedAt when its failure was settled
 * @param worker the worker that made it
 * @param errorClass the exception's class
 * @param message its message, masked unless it may be shown
 * @param stackTrace its stack trace, without messages unless they may be shown
 */
public record FailureView(int number, Instant failedAt, @Nullable String worker, String errorClass, String message,
		String stackTrace) {

	static FailureView of(AttemptFailure failure, Shown shown) {
		return new FailureView(failure.number(), failure.failedAt(), text(failure.worker()),
				failure.failure().errorClass(), shown.message(failure.failure().message()),
				shown.stackTrace(failure.failure().stackTrace()));
	}

	static @Nullable String text(@Nullable Long worker) {
		return (worker != null) ? worker.toString() : null;
	}

}
