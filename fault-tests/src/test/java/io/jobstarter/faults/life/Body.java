package io.jobstarter.faults.life;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.jobstarter.JobDiscard;
import io.jobstarter.JobSnooze;
import org.jspecify.annotations.Nullable;

/**
 * One run of a handler, as the node's own memory has it.
 */
final class Body {

	private final String node;

	private final long job;

	private final int attempt;

	private final Instant began = Instant.now();

	private final AtomicInteger asked = new AtomicInteger();

	private final List<Long> children = new CopyOnWriteArrayList<>();

	private volatile @Nullable Ended ended;

	Body(String node, long job, int attempt) {
		this.node = node;
		this.job = job;
		this.attempt = attempt;
	}

	void asks() {
		this.asked.incrementAndGet();
	}

	void enqueued(long child) {
		this.children.add(child);
	}

	void end(@Nullable Throwable thrown) {
		this.ended = new Ended(Instant.now(), End.of(thrown), (thrown != null) ? thrown.toString() : "");
	}

	String node() {
		return this.node;
	}

	long job() {
		return this.job;
	}

	int attempt() {
		return this.attempt;
	}

	Instant began() {
		return this.began;
	}

	/**
	 * How often it has begun to enqueue another job.
	 * @return the number; of each the reply may have been lost
	 */
	int asked() {
		return this.asked.get();
	}

	/**
	 * The jobs that it was told are enqueued.
	 * @return their ids
	 */
	List<Long> children() {
		return this.children;
	}

	@Nullable Ended ended() {
		return this.ended;
	}

	@Override
	public String toString() {
		Ended end = this.ended;
		return "body of attempt " + this.attempt + " on " + this.node + " from " + this.began
				+ ((end != null) ? " to " + end.at() + ": " + end.how() + " " + end.what() : ", which has not ended");
	}

	/**
	 * How a body came to its end.
	 */
	enum End {

		/** It returned. */
		RETURNED,

		/** It threw what is a failure. */
		FAILED,

		/** It asked to be run later. */
		SNOOZED,

		/** It gave up. */
		DISCARDED;

		static End of(@Nullable Throwable thrown) {
			if (thrown == null) {
				return RETURNED;
			}
			if (thrown instanceof JobSnooze) {
				return SNOOZED;
			}
			return (thrown instanceof JobDiscard || thrown instanceof LifeJobs.Unwanted) ? DISCARDED : FAILED;
		}

	}

	/**
	 * The end of a body.
	 *
	 * @param at when it was
	 * @param how how it ended
	 * @param what what it threw
	 */
	record Ended(Instant at, End how, String what) {
	}

}
