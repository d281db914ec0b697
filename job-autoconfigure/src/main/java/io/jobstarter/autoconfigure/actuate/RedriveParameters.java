package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;

import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.InvalidJobException;
import io.jobstarter.RedriveCanary;
import io.jobstarter.RedriveRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/**
 * How a redrive goes, as a caller passes it.
 *
 * @param perSecond how many jobs a second
 * @param over the time over which to spread them, instead
 * @param canary how many jobs go first; 0 for none
 * @param canaryRequired how many of these have to succeed; by default four fifths
 */
record RedriveParameters(@Nullable String perSecond, @Nullable String over, @Nullable String canary,
		@Nullable String canaryRequired) {

	static DeadLetterFilter filter(@Nullable String name, @Nullable String queue, @Nullable String reason,
			@Nullable String fingerprint, @Nullable String errorClass, @Nullable String tag, @Nullable String diedFrom,
			@Nullable String diedBefore) {
		return DeadLetterFilter.OPEN.withName(PageParameters.name(name))
			.withQueue(PageParameters.queue(queue))
			.withReason(PageParameters.constant("reason", DeadReason.class, reason))
			.withFingerprint(PageParameters.fingerprint(fingerprint))
			.withErrorClass(PageParameters.errorClass(errorClass))
			.withTag(PageParameters.tag(tag))
			.withDied(PageParameters.instant("diedFrom", diedFrom), PageParameters.instant("diedBefore", diedBefore));
	}

	RedriveRequest request(DeadLetterFilter filter) {
		return withCanary(withPace(RedriveRequest.of(filter)));
	}

	private RedriveRequest withPace(RedriveRequest request) {
		Integer jobs = PageParameters.smallNumber("perSecond", this.perSecond);
		if (this.over == null) {
			return (jobs != null) ? request.perSecond(jobs) : request;
		}
		if (jobs != null) {
			throw new InvalidJobException("perSecond or over, not both");
		}
		return request.over(duration(this.over));
	}

	private RedriveRequest withCanary(RedriveRequest request) {
		Integer jobs = PageParameters.smallNumber("canary", this.canary);
		Integer required = PageParameters.smallNumber("canaryRequired", this.canaryRequired);
		if (jobs == null) {
			return (required != null) ? request.canary(RedriveCanary.DEFAULT.jobs(), required) : request;
		}
		if (jobs == 0) {
			PageParameters.refuse("canaryRequired goes with a canary", required);
			return request.withoutCanary();
		}
		// At least one, and the share of the default: four fifths, rounded up.
		return request.canary(jobs, (required != null) ? required : Math.max(1, (int) Math.ceil(jobs * 0.8)));
	}

	private static Duration duration(String text) {
		try {
			return DurationStyle.detectAndParse(text.strip());
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new InvalidJobException("over is a duration such as 30m or 2h");
		}
	}

}
