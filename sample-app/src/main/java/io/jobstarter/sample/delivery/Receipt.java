package io.jobstarter.sample.delivery;

import java.util.UUID;

/**
 * What the sender is told.
 *
 * @param id the delivery's id
 * @param duplicate whether a delivery of this id had been stored before
 */
public record Receipt(UUID id, boolean duplicate) {
}
