package io.jobstarter;

import java.time.Duration;
import java.util.List;

/**
 * What one worker is doing for one queue, as of its last heartbeat.
 *
 * @param queue the queue's name
 * @param running how many of its jobs take a slot: they run, or what became of them is
 * being written
 * @param ahead how many are claimed and wait for a slot
 * @param longest the ids of those that have run for the longest time, at most
 * {@value #MAX_LONGEST}, the longest first
 * @param longestFor how long the first of these has run
 * @param settled what became of its attempts within the {@linkplain WorkerReport#window()
 * window}
 */
public record QueueLoad(String queue, int running, int ahead, List<JobId> longest, Duration longestFor,
		SettledCounts settled) {

	/** The most ids of long-running jobs that a report holds of a queue. */
	public static final int MAX_LONGEST = 3;

	public QueueLoad {
		longest = List.copyOf(longest);
	}

	/**
	 * Adds that of other queues. The sum names no jobs.
	 * @param other theirs
	 * @return the sums, under the name of this one
	 */
	public QueueLoad plus(QueueLoad other) {
		Duration longestFor = (this.longestFor.compareTo(other.longestFor) >= 0) ? this.longestFor : other.longestFor;
		return new QueueLoad(this.queue, this.running + other.running, this.ahead + other.ahead, List.of(), longestFor,
				this.settled.plus(other.settled));
	}

}
