package io.jobstarter.sample.delivery;

import java.time.Instant;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * What anybody may know of a delivery: not its body.
 *
 * @param id the delivery's id
 * @param event the name of the event
 * @param status how far it is
 * @param receivedAt when it came first
 * @param processedAt when its job succeeded last, if it did
 * @param duplicates how often it came again
 */
public record DeliveryView(UUID id, String event, DeliveryStatus status, Instant receivedAt,
		@Nullable Instant processedAt, int duplicates) {

	/**
	 * Whether nothing is left to do.
	 * @return whether the delivery is processed or ignored
	 */
	@JsonIgnore
	public boolean isSettled() {
		return this.status != DeliveryStatus.WAITING;
	}

}
