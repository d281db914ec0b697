package io.jobstarter.autoconfigure.actuate;

import io.jobstarter.BackgroundJobException;

/**
 * What was asked for is not there.
 */
final class NotThereException extends BackgroundJobException {

	NotThereException(String message) {
		super(message);
	}

}
