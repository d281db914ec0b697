package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * An argument of an enqueue or an operation is out of its range; the message names the
 * range.
 */
public class InvalidJobException extends BackgroundJobException {

	public InvalidJobException(String message) {
		super(message);
	}

	public InvalidJobException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
