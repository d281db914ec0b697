package io.jobstarter;

/**
 * One entry of what a worker serves.
 *
 * @param pattern the name of a queue, or how the names of queues begin, followed by an
 * asterisk
 * @param concurrency how many of their jobs the worker runs at the same time, as it is
 * configured
 * @param weight how often it goes first, relative to the worker's other entries
 * @param reservedSlots how many of its slots are kept for low priorities
 * @param reservedBelow the priority below which a job may take these
 */
public record ServedQueue(String pattern, int concurrency, int weight, int reservedSlots, int reservedBelow) {

	/**
	 * Makes an entry that keeps no slots.
	 * @param pattern the name of a queue, or how the names of queues begin, followed by
	 * an asterisk
	 * @param concurrency how many of their jobs the worker runs at the same time
	 * @param weight how often it goes first
	 */
	public ServedQueue(String pattern, int concurrency, int weight) {
		this(pattern, concurrency, weight, 0, 0);
	}

	/**
	 * Tells whether slots are kept from jobs of a priority.
	 * @param priority the priority
	 * @return whether there are such slots, and these jobs may not take them
	 */
	public boolean keepsFrom(int priority) {
		return this.reservedSlots > 0 && priority >= this.reservedBelow;
	}

	/**
	 * Tells whether it stands for many queues.
	 * @return whether it ends in an asterisk
	 */
	public boolean isWildcard() {
		return this.pattern.endsWith("*");
	}

	/**
	 * Tells whether it stands for a queue.
	 * @param queue the queue's name
	 * @return whether it does
	 */
	public boolean matches(String queue) {
		return isWildcard() ? queue.startsWith(this.pattern.substring(0, this.pattern.length() - 1))
				: queue.equals(this.pattern);
	}

}
