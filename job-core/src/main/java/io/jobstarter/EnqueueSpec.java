package io.jobstarter;

import java.time.Duration;
import java.time.Instant;

/**
 * The options of one enqueue. Nothing is written before {@link #enqueue()}.
 */
public interface EnqueueSpec {

	/**
	 * Makes the job due after a delay, measured by the database's clock.
	 * @param delay the delay, not negative, at most 100 years
	 * @return this
	 */
	EnqueueSpec in(Duration delay);

	/**
	 * Makes the job due at an instant. One that has passed means at once.
	 * @param instant the instant
	 * @return this
	 */
	EnqueueSpec at(Instant instant);

	/**
	 * Chooses the queue.
	 * @param queue the queue's name, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,99}}
	 * @return this
	 */
	EnqueueSpec queue(String queue);

	/**
	 * Chooses the priority within the queue; higher runs first.
	 * @param priority the priority, -32768 to 32767
	 * @return this
	 */
	EnqueueSpec priority(int priority);

	/**
	 * Shares the queue fairly by a key, in place of {@link BackgroundJob#fairBy}.
	 * @param key the key, such as that of a tenant, 1 to 1000 characters
	 * @return this
	 */
	EnqueueSpec fairBy(String key);

	/**
	 * Makes sure that at most one job of this name and key waits: a second enqueue is a
	 * {@linkplain Enqueued#duplicate() duplicate} of the first. The key is free again as
	 * soon as the first one starts, so that what changed after its start is not lost.
	 * @param key the key, 1 to 1000 characters
	 * @return this
	 */
	EnqueueSpec uniqueKey(String key);

	/**
	 * Makes sure that at most one job of this name and key exists until the first has
	 * started, or finished. A second enqueuer of a key waits for the first's commit.
	 * @param key the key, 1 to 1000 characters
	 * @param until what frees the key; {@link #unique} for one that expires
	 * @return this
	 */
	EnqueueSpec uniqueKey(String key, UniqueUntil until);

	/**
	 * Makes the job unique, whatever {@link Unique} of its handler says.
	 * @param uniqueness how
	 * @return this
	 */
	EnqueueSpec unique(Uniqueness uniqueness);

	/**
	 * Adds a tag to find the job by.
	 * @param tag the tag, {@code [A-Za-z0-9][A-Za-z0-9:._/-]{0,99}}
	 * @return this
	 */
	EnqueueSpec tag(String tag);

	/**
	 * Adds a header that the handler can read. Goes before one that a
	 * {@link JobContextPropagator} captures under this name.
	 * @param name the header's name, 1 to 100 characters
	 * @param value the value, at most 4000 characters
	 * @return this
	 */
	EnqueueSpec header(String name, String value);

	/**
	 * Enqueues the job.
	 * @return the job's id, and whether it was there already
	 * @throws InvalidPayloadException if the payload cannot be stored
	 * @throws InvalidJobException if the queue or a key depends on the payload, and this
	 * one leads to none
	 * @throws DuplicateJobException if another job holds the unique key, and that is to
	 * fail; the transaction goes on, and nothing of this enqueue is in it
	 * @throws ReadOnlyTransactionException if the current transaction is read-only
	 */
	Enqueued enqueue();

}
