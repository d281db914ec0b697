package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.jobstarter.DueTime;
import io.jobstarter.store.NewJob;
import org.jspecify.annotations.Nullable;

/**
 * A job whose unique key an enqueue has met. Its row is locked.
 *
 * @param state its state
 * @param worker who runs it, if anybody does
 * @param key the key that it holds, if it holds one by its row
 * @param isBack whether it waits to be tried again, rather than for its first time
 * @param createdAt when it was enqueued
 * @param dueAt when it is due
 * @param now the database's time
 */
record UniqueHolder(int state, @Nullable Long worker, @Nullable String key, boolean isBack, Instant createdAt,
		Instant dueAt, Instant now) {

	private static final int SCHEDULED = 1;

	private static final int WAITS_FOR_KEY = 3;

	UniqueHolder(ResultSet row, int number) throws SQLException {
		this(row.getInt("state"), Values.nullableLong(row, "worker"), row.getString("unique_key"),
				row.getInt("attempt") > 0 || row.getString("blocked_by") != null, Values.instant(row, "created_at"),
				Values.instant(row, "due_at"), Values.instant(row, "now"));
	}

	boolean waits() {
		return this.worker == null;
	}

	boolean holdsKeyOf(NewJob job) {
		return KeyedJobs.expires(job) || KeyedJobs.key(job).equals(this.key);
	}

	/**
	 * Tells when the job is due by the wish of an enqueue. A retry, and what was put off,
	 * is not brought forward.
	 * @param job what is enqueued
	 * @return the time, which may be past
	 */
	Instant dueFor(NewJob job) {
		Instant due = (job.due() instanceof DueTime.At at) ? at.instant()
				: this.now.plus(((DueTime.In) job.due()).delay());
		Duration maxDelay = Objects.requireNonNull(job.unique()).maxDelay();
		if (maxDelay != null && due.isAfter(this.createdAt.plus(maxDelay))) {
			due = this.createdAt.plus(maxDelay);
		}
		return (this.state == SCHEDULED && this.isBack && due.isBefore(this.dueAt)) ? this.dueAt : due;
	}

	/**
	 * Tells whether the job is to wait until a time. One that waits for a limit of its
	 * key, or for its turn, stays where it is.
	 * @param due the time
	 * @return whether its due time changes to it
	 */
	boolean isPutOffBy(Instant due) {
		return this.state != WAITS_FOR_KEY && due.isAfter(this.now) && !due.equals(this.dueAt);
	}

	/**
	 * Tells whether the job is to become ready, since it is due. One that is ready
	 * already keeps its place.
	 * @param due when it is due
	 * @return whether it is ready now, and was not
	 */
	boolean isDueAt(Instant due) {
		return this.state == SCHEDULED && !due.isAfter(this.now);
	}

}
