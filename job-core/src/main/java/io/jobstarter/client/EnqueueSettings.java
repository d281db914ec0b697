package io.jobstarter.client;

/**
 * How jobs are enqueued.
 *
 * @param mode what to do in a transaction of another database
 * @param groupCommit whether jobs that threads enqueue one by one, outside of
 * transactions, are committed together
 */
public record EnqueueSettings(EnqueueMode mode, boolean groupCommit) {

	/** Each by itself, with the transaction of its caller. */
	public static final EnqueueSettings DEFAULT = new EnqueueSettings(EnqueueMode.TRANSACTION, false);

}
