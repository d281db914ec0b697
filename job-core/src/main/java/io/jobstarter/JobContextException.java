package io.jobstarter;

/**
 * Recorded as the failure of an attempt whose context could not be restored. The handler
 * was not called.
 */
public class JobContextException extends BackgroundJobException {

	public JobContextException(String message, Throwable cause) {
		super(message, cause);
	}

}
