package io.jobstarter;

import java.time.Duration;

/**
 * What happened to a job, published as a Spring application event on the thread where it
 * happened and after it was committed. A listener that fails is logged and changes
 * nothing; slow listeners belong on a thread of their own ({@code @Async}).
 */
public sealed interface JobEvent {

	/**
	 * The job concerned.
	 * @return its id
	 */
	JobId id();

	/**
	 * The name of the job concerned.
	 * @return its name
	 */
	String name();

	/**
	 * The queue of the job concerned.
	 * @return the queue's name
	 */
	String queue();

	/**
	 * A job was added. Not published for a duplicate.
	 *
	 * @param id the job's id
	 * @param name the job's name
	 * @param queue the job's queue
	 */
	record Enqueued(JobId id, String name, String queue) implements JobEvent {
	}

	/**
	 * A job is lost: it was to be added after the commit of a transaction of another
	 * database, and could not be.
	 *
	 * @param id the id that the caller was told
	 * @param name the job's name
	 * @param queue the job's queue
	 */
	record EnqueueFailed(JobId id, String name, String queue) implements JobEvent {
	}

	/**
	 * An attempt starts: its payload was read, its permits were granted, and its
	 * interceptors and its handler are next. Published in the context that the job was
	 * enqueued in, and before the transaction of a transactional handler begins. An
	 * attempt that does not get so far has a {@link Settled} only.
	 *
	 * @param id the job's id
	 * @param name the job's name
	 * @param queue the job's queue
	 * @param number the number of the attempt, from 1
	 * @param waited how long it was due
	 */
	record Started(JobId id, String name, String queue, int number, Duration waited) implements JobEvent {
	}

	/**
	 * An attempt has ended, and its outcome is written.
	 *
	 * @param id the job's id
	 * @param name the job's name
	 * @param queue the job's queue
	 * @param number the number of the attempt, from 1
	 * @param outcome how it ended
	 * @param ran how long the body ran
	 */
	record Settled(JobId id, String name, String queue, int number, JobOutcome outcome,
			Duration ran) implements JobEvent {
	}

	/**
	 * An attempt has ended, but the job was no longer held by this node: nothing was
	 * written, and it runs or ran elsewhere.
	 *
	 * @param id the job's id
	 * @param name the job's name
	 * @param queue the job's queue
	 * @param number the number of the attempt, from 1
	 */
	record LeaseLost(JobId id, String name, String queue, int number) implements JobEvent {
	}

	/**
	 * A body runs on after its timeout and an interrupt. It keeps its slot, and no copy
	 * starts elsewhere, until it ends.
	 *
	 * @param id the job's id
	 * @param name the job's name
	 * @param queue the job's queue
	 * @param number the number of the attempt, from 1
	 */
	record Stuck(JobId id, String name, String queue, int number) implements JobEvent {
	}

	/**
	 * A job has become a dead letter, which is committed. Follows {@link Settled} or
	 * {@link Recovered}.
	 *
	 * @param id the job's id
	 * @param name the job's name
	 * @param queue the job's queue
	 * @param reason why it died
	 * @param fingerprint what kind of failure it died of, see
	 * {@link DeadLetter#fingerprint()}
	 * @param failure what went wrong last
	 */
	record DeadLettered(JobId id, String name, String queue, DeadReason reason, String fingerprint,
			JobFailure failure) implements JobEvent {
	}

	/**
	 * The worker that held the job died, and the job is free again, or dead.
	 *
	 * @param id the job's id
	 * @param name the job's name
	 * @param queue the job's queue
	 * @param crashes how many workers have died while they ran it
	 * @param dead whether it became a dead letter
	 */
	record Recovered(JobId id, String name, String queue, int crashes, boolean dead) implements JobEvent {
	}

}
