package io.jobstarter.sample.delivery;

import java.util.UUID;

/**
 * The job of processing a stored delivery. It carries the id and not the body: a job's
 * payload should be small, and the truth should be in one place.
 *
 * @param deliveryId the delivery's id
 */
record ProcessDelivery(UUID deliveryId) {
}
