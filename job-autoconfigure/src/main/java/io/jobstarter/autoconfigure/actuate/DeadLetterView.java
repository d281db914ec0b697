package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterResolution;
import io.jobstarter.DeadLetterState;
import io.jobstarter.DeadReason;
import io.jobstarter.JobId;
import io.jobstarter.autoconfigure.actuate.PayloadMask.Shown;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as the endpoint shows it.
 *
 * @param id the id of the job that died
 * @param name its name
 * @param queue its queue
 * @param priority its priority
 * @param reason why it died
 * @param state what was done about it
 * @param fingerprint what kind of failure it died of
 * @param errorClass the class of what went wrong last
 * @param message the message of what went wrong last, masked unless it may be shown
 * @param attempts how many attempts failed
 * @param crashes how many workers died while they ran it
 * @param enqueuedAt when it was enqueued
 * @param firstFailedAt when its first failure was settled
 * @param diedAt when it died
 * @param worker the worker that made the last attempt
 * @param tags its tags
 * @param headers its headers, masked unless they may be shown
 * @param payload its payload, masked unless it may be shown
 * @param resolvedAt when it was resolved
 * @param resolvedBy who resolved it
 * @param resolvedReason why
 * @param retriedAs the job that was enqueued in its place
 * @param callback how far its handler was told
 */
public record DeadLetterView(long id, String name, String queue, int priority, DeadReason reason, DeadLetterState state,
		String fingerprint, String errorClass, String message, int attempts, int crashes, Instant enqueuedAt,
		Instant firstFailedAt, Instant diedAt, @Nullable String worker, List<String> tags, Map<String, String> headers,
		@Nullable String payload, @Nullable Instant resolvedAt, @Nullable String resolvedBy,
		@Nullable String resolvedReason, @Nullable Long retriedAs, @Nullable DeadLetterCallbackView callback) {

	static DeadLetterView of(DeadLetter letter, Shown shown) {
		DeadLetterResolution resolution = letter.resolution();
		JobId retriedAs = letter.retriedAs();
		return new DeadLetterView(letter.id().value(), letter.name(), letter.queue(), letter.priority(),
				letter.reason(), letter.state(), letter.fingerprint(), letter.failure().errorClass(),
				shown.message(letter.failure().message()), letter.attempts(), letter.crashes(), letter.enqueuedAt(),
				letter.firstFailedAt(), letter.diedAt(), FailureView.text(letter.worker()), letter.tags(),
				shown.headers(letter.headers()), shown.payload(letter.name(), letter.payload()),
				(resolution != null) ? resolution.at() : null, (resolution != null) ? resolution.by() : null,
				(resolution != null) ? resolution.why() : null, (retriedAs != null) ? retriedAs.value() : null,
				DeadLetterCallbackView.of(letter.callback(), shown));
	}

}
