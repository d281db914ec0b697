package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.List;

import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.Lane;
import org.jspecify.annotations.Nullable;

/**
 * How the tables of jobs name a queue: a share of it is {@code mailers#17}, which no
 * queue's name can be. So a share is a queue to the claim and its index, while nobody
 * above the statements sees anything but {@code mailers}. What is set of a queue stands
 * under its own name.
 */
final class StoredQueue {

	/** No name of a queue holds it: see {@link io.jobstarter.support.Names#queue}. */
	static final char SEPARATOR = '#';

	private static final int DIGITS = 2;

	private StoredQueue() {
	}

	static String of(QueueDemand demand) {
		return of(demand.queue(), demand.share());
	}

	static String of(Lane lane) {
		return of(lane.queue(), lane.share());
	}

	static String of(String queue, int share) {
		return (share > 0) ? queue + SEPARATOR + share : queue;
	}

	/**
	 * Reads the queue.
	 * @param stored what a row says
	 * @return the queue's name
	 */
	static String queueOf(String stored) {
		return (shareOf(stored) > 0) ? stored.substring(0, stored.lastIndexOf(SEPARATOR)) : stored;
	}

	/**
	 * Reads the share. Anybody may have written a row: what is no share is part of a
	 * name, so that both together always say what the row says.
	 * @param stored what a row says
	 * @return the share, 0 if there is none
	 */
	static int shareOf(String stored) {
		int separator = stored.lastIndexOf(SEPARATOR);
		int digits = stored.length() - separator - 1;
		if (separator < 1 || digits < 1 || digits > DIGITS) {
			return 0;
		}
		int share = 0;
		for (int i = separator + 1; i < stored.length(); i++) {
			int digit = stored.charAt(i) - '0';
			if (digit < 0 || digit > 9 || (share == 0 && digit == 0)) {
				return 0;
			}
			share = 10 * share + digit;
		}
		return (share <= Lane.SHARES) ? share : 0;
	}

	static Lane lane(String stored, int priority, boolean front) {
		int share = shareOf(stored);
		return new Lane((share > 0) ? stored.substring(0, stored.lastIndexOf(SEPARATOR)) : stored, priority, front,
				share);
	}

	/**
	 * Makes the pattern that all shares of a queue match in
	 * {@code like :queueShares escape '!'}, and no other queue.
	 * @param queue the queue's name, or {@code null} for any
	 * @return the pattern
	 */
	static @Nullable String shares(@Nullable String queue) {
		return (queue != null) ? queue.replace("!", "!!").replace("_", "!_").replace("%", "!%") + SEPARATOR + "%"
				: null;
	}

	/**
	 * Makes the beginnings of what the shares of some queues are called.
	 * @param queues names of queues
	 * @return the beginnings
	 */
	static List<String> beginnings(Collection<String> queues) {
		return queues.stream().map((queue) -> queue + SEPARATOR).toList();
	}

}
