package io.jobstarter.handler;

import io.jobstarter.BackgroundJobException;

/**
 * A handler is declared in a way that cannot work. Stops the start; the message says what
 * to change.
 */
public class InvalidHandlerException extends BackgroundJobException {

	private final String problem;

	private final String remedy;

	public InvalidHandlerException(String message, String remedy) {
		super(message + ". " + remedy);
		this.problem = message;
		this.remedy = remedy;
	}

	/**
	 * What is wrong.
	 * @return a sentence without its full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * What to change.
	 * @return a sentence without its full stop
	 */
	public String remedy() {
		return this.remedy;
	}

}
