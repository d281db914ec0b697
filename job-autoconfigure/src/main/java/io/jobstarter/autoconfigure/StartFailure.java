package io.jobstarter.autoconfigure;

import io.jobstarter.BackgroundJobException;

/**
 * Stops the start, and knows what to do about it.
 */
abstract class StartFailure extends BackgroundJobException {

	StartFailure(String message) {
		super(message);
	}

	StartFailure(String message, Throwable cause) {
		super(message, cause);
	}

	/**
	 * What to do about it.
	 * @return whole sentences
	 */
	public abstract String remedy();

}
