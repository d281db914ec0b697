package io.jobstarter.store;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.DueTime;
import io.jobstarter.LimitKey;
import io.jobstarter.Uniqueness;
import org.jspecify.annotations.Nullable;

/**
 * A job to insert.
 *
 * @param name its name
 * @param queue its queue
 * @param priority its priority
 * @param due when it is due, by the database's clock
 * @param payload its serialized payload
 * @param headers its headers
 * @param tags its tags
 * @param unique its unique key, or {@code null}
 * @param keys the keys whose permits it needs in order to run
 * @param share which share of the queue it waits in, 1 to {@link Lane#SHARES}, or 0
 * @param id the id that was reserved for it, or {@code null} if the database is to give
 * it one
 */
public record NewJob(String name, String queue, int priority, DueTime due, String payload, Map<String, String> headers,
		List<String> tags, @Nullable UniqueKey unique, List<LimitKey> keys, int share, @Nullable Long id) {

	/**
	 * Makes a job to which the database gives an id.
	 * @param name its name
	 * @param queue its queue
	 * @param priority its priority
	 * @param due when it is due, by the database's clock
	 * @param payload its serialized payload
	 * @param headers its headers
	 * @param tags its tags
	 * @param unique its unique key, or {@code null}
	 */
	public NewJob(String name, String queue, int priority, DueTime due, String payload, Map<String, String> headers,
			List<String> tags, @Nullable UniqueKey unique) {
		this(name, queue, priority, due, payload, headers, tags, unique, List.of(), 0, null);
	}

	/**
	 * Gives the job keys.
	 * @param keys the keys whose permits it needs in order to run
	 * @return the job with them
	 */
	public NewJob withKeys(List<LimitKey> keys) {
		return keys.equals(this.keys) ? this : new NewJob(this.name, this.queue, this.priority, this.due, this.payload,
				this.headers, this.tags, this.unique, keys, this.share, this.id);
	}

	/**
	 * Gives the job an id.
	 * @param id an id that {@link EnqueueStore#reserveIds} has returned
	 * @return the job with it
	 */
	public NewJob withId(long id) {
		return new NewJob(this.name, this.queue, this.priority, this.due, this.payload, this.headers, this.tags,
				this.unique, this.keys, this.share, id);
	}

	/**
	 * Puts the job into a share of its queue.
	 * @param share the share, or 0
	 * @return the job in it
	 */
	public NewJob withShare(int share) {
		return (share == this.share) ? this : new NewJob(this.name, this.queue, this.priority, this.due, this.payload,
				this.headers, this.tags, this.unique, this.keys, share, this.id);
	}

	/**
	 * Says where the job waits once it is ready.
	 * @return its lane
	 */
	public Lane lane() {
		return new Lane(this.queue, this.priority, false, this.share);
	}

	/**
	 * Gives the job another unique key.
	 * @param unique the key, or {@code null} for none
	 * @return the job with it
	 */
	public NewJob withUnique(@Nullable UniqueKey unique) {
		return new NewJob(this.name, this.queue, this.priority, this.due, this.payload, this.headers, this.tags, unique,
				this.keys, this.share, this.id);
	}

	/**
	 * Makes the job due at another time.
	 * @param due when it is due
	 * @return the job with it
	 */
	public NewJob withDue(DueTime due) {
		return new NewJob(this.name, this.queue, this.priority, due, this.payload, this.headers, this.tags, this.unique,
				this.keys, this.share, this.id);
	}

	/**
	 * Makes the job unique. It remembers its key in a header, so that a redrive can ask
	 * for it again.
	 * @param uniqueness how it is unique
	 * @param dueIsChosen whether somebody has chosen when it is due; if not, it may be
	 * put off, so that others can join it
	 * @return the job with its key
	 */
	public NewJob unique(Uniqueness uniqueness, boolean dueIsChosen) {
		Duration within = dueIsChosen ? null : uniqueness.within();
		UniqueKey key = UniqueKey.of(this.name, (uniqueness.key() != null) ? uniqueness.key() : this.payload,
				uniqueness, (within != null) ? uniqueness.maxDelay() : null);
		Map<String, String> remembering = new LinkedHashMap<>(this.headers);
		remembering.put(UniqueKey.HEADER, key.remembered());
		return new NewJob(this.name, this.queue, this.priority, (within != null) ? new DueTime.In(within) : this.due,
				this.payload, remembering, this.tags, key, this.keys, this.share, this.id);
	}

}
