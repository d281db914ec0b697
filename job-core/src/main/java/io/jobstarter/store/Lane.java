package io.jobstarter.store;

/**
 * A line of ready jobs that are claimed in the order of their positions.
 *
 * @param queue the queue
 * @param priority the priority
 * @param front whether it is the line of jobs that came back, which goes first
 * @param share which share of the queue it belongs to, 1 to {@value #SHARES}, where jobs
 * share it fairly, or 0
 */
public record Lane(String queue, int priority, boolean front, int share) {

	/** How many shares a queue has at most: the same on all nodes. */
	public static final int SHARES = 64;

	/**
	 * Makes a lane of jobs that belong to no share.
	 * @param queue the queue
	 * @param priority the priority
	 * @param front whether it is the line of jobs that came back
	 */
	public Lane(String queue, int priority, boolean front) {
		this(queue, priority, front, 0);
	}

	/**
	 * Finds the lane beside it where jobs wait that came back.
	 * @return the front lane of the same queue, priority and share
	 */
	public Lane toFront() {
		return this.front ? this : new Lane(this.queue, this.priority, true, this.share);
	}

}
