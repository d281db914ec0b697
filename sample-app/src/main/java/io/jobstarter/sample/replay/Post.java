package io.jobstarter.sample.replay;

import java.util.UUID;

/**
 * One of the posts of a payload. All posts of a payload carry the same delivery id.
 *
 * @param deliveryId the delivery's id
 * @param payload what is posted
 */
record Post(UUID deliveryId, Payload payload) {
}
