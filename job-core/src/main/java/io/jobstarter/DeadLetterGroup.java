package io.jobstarter;

import java.time.Instant;

/**
 * Dead letters of one job name that died of the same kind of failure.
 *
 * @param name the job name
 * @param fingerprint what kind of failure that is, see {@link DeadLetter#fingerprint()}
 * @param count how many there are
 * @param firstDiedAt when the first of them died
 * @param lastDiedAt when the last of them died
 * @param latest the one with the highest id, of which the following is shown
 * @param reason why it died
 * @param errorClass the class of what went wrong
 * @param message the message of what went wrong
 */
public record DeadLetterGroup(String name, String fingerprint, long count, Instant firstDiedAt, Instant lastDiedAt,
		JobId latest, DeadReason reason, String errorClass, String message) {
}
