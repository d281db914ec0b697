package io.jobstarter;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; {@code null} means any.
 *
 * @param name the job name
 * @param queue the queue
 * @param reason why it died
 * @param open {@code true} for those that nobody has resolved, {@code false} for the
 * others
 * @param fingerprint what kind of failure it died of
 * @param errorClass the class of what went wrong last
 * @param tag a tag
 * @param diedFrom the earliest time of death
 * @param diedBefore the time of death before which it died
 */
public record DeadLetterFilter(@Nullable String name, @Nullable String queue, @Nullable DeadReason reason,
		@Nullable Boolean open, @Nullable String fingerprint, @Nullable String errorClass, @Nullable String tag,
		@Nullable Instant diedFrom, @Nullable Instant diedBefore) {

	/**
	 * Every dead letter.
	 */
	public static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null);

	/**
	 * The dead letters that nobody has resolved.
	 */
	public static final DeadLetterFilter OPEN = new DeadLetterFilter(null, null, null, true);

	/**
	 * Filters by the commonest features.
	 * @param name the job name
	 * @param queue the queue
	 * @param reason why it died
	 * @param open {@code true} for those that nobody has resolved, {@code false} for the
	 * others
	 */
	public DeadLetterFilter(@Nullable String name, @Nullable String queue, @Nullable DeadReason reason,
			@Nullable Boolean open) {
		this(name, queue, reason, open, null, null, null, null, null);
	}

	public DeadLetterFilter withName(@Nullable String name) {
		return new DeadLetterFilter(name, this.queue, this.reason, this.open, this.fingerprint, this.errorClass,
				this.tag, this.diedFrom, this.diedBefore);
	}

	public DeadLetterFilter withQueue(@Nullable String queue) {
		return new DeadLetterFilter(this.name, queue, this.reason, this.open, this.fingerprint, this.errorClass,
				this.tag, this.diedFrom, this.diedBefore);
	}

	public DeadLetterFilter withReason(@Nullable DeadReason reason) {
		return new DeadLetterFilter(this.name, this.queue, reason, this.open, this.fingerprint, this.errorClass,
				this.tag, this.diedFrom, this.diedBefore);
	}

	public DeadLetterFilter withFingerprint(@Nullable String fingerprint) {
		return new DeadLetterFilter(this.name, this.queue, this.reason, this.open, fingerprint, this.errorClass,
				this.tag, this.diedFrom, this.diedBefore);
	}

	public DeadLetterFilter withErrorClass(@Nullable String errorClass) {
		return new DeadLetterFilter(this.name, this.queue, this.reason, this.open, this.fingerprint, errorClass,
				this.tag, this.diedFrom, this.diedBefore);
	}

	public DeadLetterFilter withTag(@Nullable String tag) {
		return new DeadLetterFilter(this.name, this.queue, this.reason, this.open, this.fingerprint, this.errorClass,
				tag, this.diedFrom, this.diedBefore);
	}

	/**
	 * Bounds the time of death.
	 * @param from the earliest, or {@code null}
	 * @param before the time before which it lies, or {@code null}
	 * @return the filter
	 */
	public DeadLetterFilter withDied(@Nullable Instant from, @Nullable Instant before) {
		return new DeadLetterFilter(this.name, this.queue, this.reason, this.open, this.fingerprint, this.errorClass,
				this.tag, from, before);
	}

}
