package io.jobstarter;

import java.time.Duration;

/**
 * Recorded as the failure of an attempt that took longer than its timeout.
 */
public class JobTimeoutException extends BackgroundJobException {

	public JobTimeoutException(Duration timeout, Throwable cause) {
		super("The attempt took longer than its timeout of " + timeout, cause);
	}

}
