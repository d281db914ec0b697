package io.jobstarter.store;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the database says of our tables, and of whom it has to keep old rows for. Cheap,
 * and without privileges; what a role may not see is absent.
 */
public interface DatabaseWatch {

	/**
	 * Looks.
	 * @return what was seen
	 */
	Sight look();

	/**
	 * What was seen.
	 *
	 * @param tables the tables
	 * @param holders those who keep old rows from being removed, the oldest first
	 * @param firstWorker the id of the worker that has run for the longest time, or 0 if
	 * none is alive
	 */
	record Sight(List<TableSize> tables, List<Holder> holders, long firstWorker) {
	}

	/**
	 * A table.
	 *
	 * @param name its name without the prefix
	 * @param bytes how large it is, with its indexes
	 * @param deadRows how many rows are dead and not removed yet, as far as the
	 * statistics know, or {@code null} if the database does not tell
	 */
	record TableSize(String name, long bytes, @Nullable Long deadRows) {
	}

	/**
	 * Somebody whose snapshot or transaction is so old that rows which were deleted since
	 * cannot be removed.
	 *
	 * @param kind what it is: a session, a prepared transaction, or a replication slot
	 * @param name the pid of the session, or the name of the other things
	 * @param application what the session calls itself, if it does
	 * @param user whose it is, if that may be seen
	 * @param state what the session does, such as {@code idle in transaction}, if that
	 * may be seen
	 * @param horizon what tells this snapshot from a later one of the same session
	 * @param age for how long it has been there, or {@code null} if that may not be seen
	 */
	record Holder(String kind, String name, @Nullable String application, @Nullable String user, @Nullable String state,
			String horizon, @Nullable Duration age) {
	}

}
