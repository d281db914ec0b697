package io.jobstarter;

/**
 * No handler is known for a payload type or a job name.
 */
public class UnknownJobException extends BackgroundJobException {

	public UnknownJobException(String message) {
		super(message);
	}

}
