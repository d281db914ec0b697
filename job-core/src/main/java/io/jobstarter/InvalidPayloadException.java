package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * A payload cannot be written, is too large, or cannot be read as its handler's type.
 */
public class InvalidPayloadException extends BackgroundJobException {

	public InvalidPayloadException(String message) {
		super(message);
	}

	public InvalidPayloadException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
