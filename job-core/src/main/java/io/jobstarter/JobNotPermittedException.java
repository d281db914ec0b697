package io.jobstarter;

/**
 * A job that was to run at once may not begin now: a rate limiter or a circuit breaker
 * refuses it. Its handler was not called.
 */
public class JobNotPermittedException extends BackgroundJobException {

	public JobNotPermittedException(String message) {
		super(message);
	}

}
