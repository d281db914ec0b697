package io.jobstarter.sample.delivery;

import java.util.UUID;

/**
 * A delivery whose sender is known to be GitHub.
 *
 * @param id the id by which GitHub names it; a redelivery carries the same
 * @param event the name of the event, {@code [a-z][a-z0-9_]{0,99}}
 * @param body a JSON object, as it was sent
 */
public record IncomingDelivery(UUID id, String event, String body) {

	// The body may be private, and is text from outside: not for log lines.
	@Override
	public String toString() {
		return "IncomingDelivery[id=" + this.id + ", event=" + this.event + "]";
	}

}
