package io.jobstarter.sample.github;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A delivery is well-formed JSON, but does not hold what GitHub documents for its event.
 */
public class UnreadableEventException extends RuntimeException {

	UnreadableEventException(UUID deliveryId, String what, @Nullable Throwable cause) {
		super("Delivery " + deliveryId + " " + what, cause);
	}

}
