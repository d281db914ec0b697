package io.jobstarter;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One attempt at one job, as its handler sees it. Safe to use from any thread while the
 * attempt runs.
 */
public interface JobAttempt {

	/**
	 * The job's id; {@link JobId#NONE} where it is run by {@link JobClient#runNow}, since
	 * there is no row then.
	 * @return the id
	 */
	JobId id();

	/**
	 * The name under which the job is stored.
	 * @return the name
	 */
	String name();

	/**
	 * The queue that the job came from.
	 * @return the queue's name
	 */
	String queue();

	/**
	 * Which attempt this is: 1 plus the failures settled so far. Snoozes, shutdowns and
	 * crashes raise nothing.
	 * @return the number, from 1
	 */
	int number();

	/**
	 * When the job was enqueued, by the database's clock.
	 * @return the instant
	 */
	Instant enqueuedAt();

	/**
	 * When this attempt became due, by the database's clock.
	 * @return the instant
	 */
	Instant dueAt();

	/**
	 * What was passed at enqueue by {@link EnqueueSpec#header}, and what
	 * {@link JobContextPropagator}s captured there.
	 * @return the headers, unmodifiable
	 */
	Map<String, String> headers();

	/**
	 * What was passed at enqueue by {@link EnqueueSpec#tag}.
	 * @return the tags, unmodifiable
	 */
	List<String> tags();

	/**
	 * The job that died and was redriven as this one.
	 * @return its id, which is that of a dead letter, or {@code null} if this job is no
	 * redriven one
	 */
	default @Nullable JobId redriveOf() {
		return JobId.ofOrigin(headers());
	}

	/**
	 * The fire of the recurring job that enqueued this one.
	 * @return the fire, or {@code null} if no recurring job did
	 */
	default @Nullable RecurringFire recurringFire() {
		return RecurringFire.of(headers());
	}

	/**
	 * A key that is the same in every attempt at this job, and in no other job: hand it
	 * to a downstream system so that it can recognise a repetition.
	 * @return the key
	 */
	String idempotencyKey();

	/**
	 * Whether this node has lost its hold of the job, so that it may be running
	 * elsewhere: whatever is done from here on may be done twice.
	 * @return whether the lease is lost
	 */
	boolean isLeaseLost();

	/**
	 * Whether the body should end early: an operator cancelled the job, its timeout has
	 * passed, or the node is stopping. The thread has been interrupted as well.
	 * @return whether to stop
	 */
	boolean isCancellationRequested();

}
