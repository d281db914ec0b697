package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.RedriveCanary;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveInfo.Progress;
import io.jobstarter.RedriveState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A redrive by filter as the endpoint shows it.
 *
 * @param id its id
 * @param state where it stands
 * @param filter which letters it takes
 * @param pause the time from one job to the next
 * @param canary what goes first
 * @param progress how far it has come
 * @param createdAt when it was made
 * @param startedBy who made it, and why
 * @param changedAt when it came into its state
 * @param changedBy who cancelled or resumed it last, and why
 * @param finishedAt when it was done or cancelled
 * @param stoppedBecause why it has stopped, with figures
 */
public record RedriveView(long id, RedriveState state, Filter filter, Duration pause, RedriveCanary canary,
		Progress progress, Instant createdAt, Audit startedBy, Instant changedAt, @Nullable Audit changedBy,
		@Nullable Instant finishedAt, @Nullable String stoppedBecause) implements OperationResponseBody {

	static RedriveView of(RedriveInfo redrive) {
		return new RedriveView(redrive.id(), redrive.state(), Filter.of(redrive.filter()), redrive.pause(),
				redrive.canary(), redrive.progress(), redrive.createdAt(), redrive.startedBy(), redrive.changedAt(),
				redrive.changedBy(), redrive.finishedAt(), redrive.stoppedBecause());
	}

	/**
	 * Which letters a redrive takes, of those that are open.
	 *
	 * @param name the job name
	 * @param queue the queue
	 * @param reason why they died
	 * @param fingerprint what kind of failure they died of
	 * @param errorClass the class of what went wrong last
	 * @param tag a tag
	 * @param diedFrom the earliest time of death
	 * @param diedBefore the time of death before which they died
	 */
	public record Filter(@Nullable String name, @Nullable String queue, @Nullable DeadReason reason,
			@Nullable String fingerprint, @Nullable String errorClass, @Nullable String tag, @Nullable Instant diedFrom,
			@Nullable Instant diedBefore) {

		static Filter of(DeadLetterFilter filter) {
			return new Filter(filter.name(), filter.queue(), filter.reason(), filter.fingerprint(), filter.errorClass(),
					filter.tag(), filter.diedFrom(), filter.diedBefore());
		}

	}

}
