package io.jobstarter;

/**
 * A job was enqueued, or changed, inside a read-only transaction.
 */
public class ReadOnlyTransactionException extends BackgroundJobException {

	public ReadOnlyTransactionException(String message) {
		super(message);
	}

}
