package io.jobstarter;

/**
 * A schedule cannot be read, or never fires; the message says what is wrong and what to
 * write instead.
 */
public class InvalidScheduleException extends InvalidJobException {

	public InvalidScheduleException(String message) {
		super(message);
	}

}
