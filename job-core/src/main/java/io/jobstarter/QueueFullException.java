package io.jobstarter;

/**
 * A job was refused since its queue holds as many ready jobs as it may. Nothing was
 * enqueued: of a call that enqueues several, or of a transaction that rolls back because
 * of this, none of the jobs.
 */
public class QueueFullException extends BackgroundJobException {

	private final String queue;

	private final long depth;

	private final long maxDepth;

	/**
	 * Makes the exception.
	 * @param queue the queue
	 * @param depth how many ready jobs it was believed to hold
	 * @param maxDepth how many it may hold
	 * @param remedy what to do
	 */
	public QueueFullException(String queue, long depth, long maxDepth, String remedy) {
		super("Queue " + queue + " holds " + depth + " ready jobs, and background-jobs.queues allows " + maxDepth
				+ ": no more are taken. " + remedy);
		this.queue = queue;
		this.depth = depth;
		this.maxDepth = maxDepth;
	}

	/**
	 * Tells which queue is full.
	 * @return its name
	 */
	public String queue() {
		return this.queue;
	}

	/**
	 * Tells how many ready jobs the queue was believed to hold.
	 * @return the number, an estimate
	 */
	public long depth() {
		return this.depth;
	}

	/**
	 * Tells how many ready jobs the queue may hold.
	 * @return the number
	 */
	public long maxDepth() {
		return this.maxDepth;
	}

}
