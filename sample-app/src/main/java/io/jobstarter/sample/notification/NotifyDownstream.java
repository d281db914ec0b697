package io.jobstarter.sample.notification;

import java.util.UUID;

/**
 * The job of telling the downstream system what happened.
 *
 * @param deliveryId the delivery that told us
 * @param kind what happened, such as {@code issue.opened}
 * @param repository where, as owner and name
 * @param subject to what
 */
record NotifyDownstream(UUID deliveryId, String kind, String repository, String subject) {
}
