package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * What a handler throws to say how the attempt ends, rather than that it failed. Signals
 * go before every rule and policy, also as the cause of another exception.
 */
public abstract sealed class JobSignal extends RuntimeException permits JobRetry, JobSnooze, JobDiscard {

	JobSignal(String message, @Nullable Throwable cause) {
		// No stack trace: a signal is an answer, and may be thrown for every job.
		super(message, cause, false, false);
	}

}
