package io.jobstarter;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The limits of {@link LimitConcurrency} and the orders of {@link InOrder}, as they stand
 * in the database: what operators have set, which keys are in use, and who waits for
 * them. Joins the transaction of the calling thread, as {@link JobOperations} does.
 */
public interface JobLimits {

	/** The most jobs of a key that may run at the same time. */
	int MAX_PERMITS = 100_000;

	/**
	 * Lists the limits and orders that are in use or that operators have set.
	 * @return the limits, by name
	 */
	List<LimitInfo> list();

	/**
	 * Lists keys of a limit or order, those that jobs wait for first.
	 * @param limit its name
	 * @param count how many keys at most, 1 to {@link JobOperations#MAX_PAGE_SIZE}
	 * @return the keys
	 * @throws InvalidJobException if the count is out of that range
	 */
	List<KeyInfo> keys(String limit, int count);

	/**
	 * Finds a key.
	 * @param id its {@link LimitKey#id()}
	 * @return the key, or empty if no job has used it lately
	 */
	Optional<KeyInfo> key(String id);

	/**
	 * Sets how many jobs of each key of a limit may run at the same time, in place of
	 * what the code and the configuration of each node say. Holds at once and across
	 * restarts until it is {@linkplain #reset reset}. Jobs that run are left alone.
	 * @param limit the name of the limit
	 * @param permits how many, 0 to {@value #MAX_PERMITS}; with 0 all of them wait
	 * @param audit who does it, and why
	 * @throws InvalidJobException if one of these is out of its range
	 */
	void set(String limit, int permits, Audit audit);

	/**
	 * Leaves that to the code and the configuration again.
	 * @param limit the name of the limit
	 * @param audit who does it, and why
	 * @return whether it had been set
	 */
	boolean reset(String limit, Audit audit);

	/**
	 * A limit or order.
	 *
	 * @param name its name
	 * @param keys how many of its keys have been in use lately
	 * @param running how many jobs hold one of them
	 * @param permits how many jobs of a key may run, if an operator has set that
	 * @param setBy who has
	 * @param setWhy why
	 */
	record LimitInfo(String name, long keys, long running, @Nullable Integer permits, @Nullable String setBy,
			@Nullable String setWhy) {
	}

	/**
	 * A key.
	 *
	 * @param id its {@link LimitKey#id()}
	 * @param running how many jobs hold it
	 * @param permits how many may
	 * @param waiting how many wait for it, counted up to 1,000
	 */
	record KeyInfo(String id, int running, int permits, long waiting) {
	}

}
