package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;

import io.jobstarter.DeadLetterGroup;
import io.jobstarter.DeadReason;
import io.jobstarter.autoconfigure.actuate.PayloadMask.Shown;

/**
 * A group of dead letters as the endpoint shows it.
 *
 * @param name the job name
 * @param fingerprint what kind of failure they died of
 * @param count how many there are
 * @param firstDiedAt when the first of them died
 * @param lastDiedAt when the last of them died
 * @param latest the id of the latest
 * @param reason why that died
 * @param errorClass the class of what went wrong with it
 * @param message the message of what went wrong with it, masked unless it may be shown
 */
public record DeadLetterGroupView(String name, String fingerprint, long count, Instant firstDiedAt, Instant lastDiedAt,
		long latest, DeadReason reason, String errorClass, String message) {

	static DeadLetterGroupView of(DeadLetterGroup group, Shown shown) {
		return new DeadLetterGroupView(group.name(), group.fingerprint(), group.count(), group.firstDiedAt(),
				group.lastDiedAt(), group.latest().value(), group.reason(), group.errorClass(),
				shown.message(group.message()));
	}

}
