package io.jobstarter;

/**
 * An argument of an enqueue or an operation is out of its range; the message names the
 * range.
 */
public class InvalidJobException extends BackgroundJobException {

	public InvalidJobException(String message) {
		super(message);
	}

}
