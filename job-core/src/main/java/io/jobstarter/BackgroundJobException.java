package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * The root of what Job Starter throws at its callers.
 */
public abstract class BackgroundJobException extends RuntimeException {

	protected BackgroundJobException(String message) {
		super(message);
	}

	protected BackgroundJobException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
