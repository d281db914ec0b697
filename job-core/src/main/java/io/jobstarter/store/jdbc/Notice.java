package io.jobstarter.store.jdbc;

import java.util.Optional;

import io.jobstarter.store.Lane;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other through NOTIFY: {@code sender,priority,front,queue}, or
 * {@code sender,scheduled}. Anybody who can connect may send to the channel, so nothing
 * is taken for granted.
 *
 * @param sender which notifier sent it
 * @param lane the lane that has received jobs, or {@code null} if some were scheduled
 */
record Notice(String sender, @Nullable Lane lane) {

	private static final String SCHEDULED = "scheduled";

	private static final int LONGEST = 1000;

	// Older nodes take it for malformed, and ignore it.
	private static final String CIRCUITS = ",circuits";

	String payload() {
		if (this.lane == null) {
			return this.sender + "," + SCHEDULED;
		}
		return this.sender + "," + this.lane.priority() + "," + (this.lane.front() ? "front" : "back") + ","
				+ StoredQueue.of(this.lane);
	}

	/**
	 * Writes that a circuit breaker has changed.
	 * @param sender which notifier sends it
	 * @return what is sent
	 */
	static String ofCircuits(String sender) {
		return sender + CIRCUITS;
	}

	/**
	 * Tells who says that a circuit breaker has changed.
	 * @param payload what was sent
	 * @return the sender, or empty if it says something else
	 */
	static Optional<String> senderOfCircuits(String payload) {
		return (payload.length() <= LONGEST && payload.endsWith(CIRCUITS)
				&& payload.indexOf(',') == payload.length() - CIRCUITS.length())
						? Optional.of(payload.substring(0, payload.length() - CIRCUITS.length())) : Optional.empty();
	}

	static Optional<Notice> parse(String payload) {
		String[] parts = payload.split(",", 4);
		if (payload.length() <= LONGEST && parts.length == 2 && parts[1].equals(SCHEDULED)) {
			return Optional.of(new Notice(parts[0], null));
		}
		if (payload.length() > LONGEST || parts.length < 4 || parts[3].isEmpty()) {
			return Optional.empty();
		}
		return front(parts[2]).flatMap((front) -> priority(parts[1])
			.map((priority) -> new Notice(parts[0], StoredQueue.lane(parts[3], priority, front))));
	}

	private static Optional<Boolean> front(String text) {
		return switch (text) {
			case "front" -> Optional.of(true);
			case "back" -> Optional.of(false);
			default -> Optional.empty();
		};
	}

	private static Optional<Integer> priority(String text) {
		try {
			return Optional.of((int) Short.parseShort(text));
		}
		catch (NumberFormatException ex) {
			return Optional.empty();
		}
	}

}
