package io.jobstarter;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How one enqueue is unique among the jobs of its name. Of these at most one holds a key
 * at a time.
 *
 * @param key the key, 1 to 1000 characters, or {@code null} for the whole payload
 * @param until what frees the key
 * @param ttl how long the key is held from the enqueue on, if it is held
 * {@linkplain UniqueUntil#EXPIRED until then}
 * @param onConflict what becomes of an enqueue that meets the key
 * @param within by how much the job is put off unless the enqueue says when it is due, so
 * that others can join it; {@code null} for not at all
 * @param maxDelay how long after the first enqueue others may put the job off, or
 * {@code null} for as long as they like
 */
public record Uniqueness(@Nullable String key, UniqueUntil until, @Nullable Duration ttl, UniqueConflict onConflict,
		@Nullable Duration within, @Nullable Duration maxDelay) {

	/** How many times {@code within} a job is put off at most, unless it is said. */
	private static final int PUT_OFFS = 10;

	public Uniqueness {
		if (key != null && (key.isEmpty() || key.length() > 1_000)) {
			throw new InvalidJobException("A unique key has 1 to 1000 characters, not " + key.length());
		}
		requirePositive("ttl", ttl);
		requirePositive("within", within);
		requirePositive("maxDelay", maxDelay);
		if ((until == UniqueUntil.EXPIRED) != (ttl != null)) {
			throw new InvalidJobException((ttl != null) ? "There is a ttl, but the key is not held until it has expired"
					: "A key that is held until it has expired needs a ttl");
		}
		if (maxDelay != null && within == null) {
			throw new InvalidJobException("There is a maxDelay, but no within");
		}
		if (within != null && until == UniqueUntil.EXPIRED) {
			throw new InvalidJobException("A key that is held until it has expired is no reason to wait: "
					+ "take another until, or leave within out");
		}
		if (within != null && maxDelay != null && maxDelay.compareTo(within) < 0) {
			throw new InvalidJobException("The maxDelay is shorter than within");
		}
	}

	private static void requirePositive(String name, @Nullable Duration duration) {
		if (duration != null
				&& (duration.isNegative() || duration.isZero() || duration.compareTo(DueTime.In.MAX) > 0)) {
			throw new InvalidJobException("The " + name + " is longer than 0 and at most 100 years, not " + duration);
		}
	}

	/**
	 * Makes the job unique by a key, until it has started.
	 * @param key the key, 1 to 1000 characters
	 * @return how it is unique
	 */
	public static Uniqueness of(String key) {
		return new Uniqueness(key, UniqueUntil.STARTED, null, UniqueConflict.KEEP_EXISTING, null, null);
	}

	/**
	 * Makes the job unique by its payload, until it has started.
	 * @return how it is unique
	 */
	public static Uniqueness ofPayload() {
		return new Uniqueness(null, UniqueUntil.STARTED, null, UniqueConflict.KEEP_EXISTING, null, null);
	}

	/**
	 * Says what frees the key.
	 * @param until what does; see {@link #untilExpired} for the third
	 * @return the same with it
	 */
	public Uniqueness until(UniqueUntil until) {
		return new Uniqueness(this.key, until, null, this.onConflict, this.within, this.maxDelay);
	}

	/**
	 * Frees the key a time after the enqueue, by the database's clock, and not before.
	 * @param ttl how long it is held
	 * @return the same with it
	 */
	public Uniqueness untilExpired(Duration ttl) {
		return new Uniqueness(this.key, UniqueUntil.EXPIRED, ttl, this.onConflict, this.within, this.maxDelay);
	}

	/**
	 * Says what becomes of an enqueue that meets the key.
	 * @param onConflict what does
	 * @return the same with it
	 */
	public Uniqueness onConflict(UniqueConflict onConflict) {
		return new Uniqueness(this.key, this.until, this.ttl, onConflict, this.within, this.maxDelay);
	}

	/**
	 * Puts the job off, so that others can join it: with {@link UniqueConflict#REPLACE}
	 * or {@link UniqueConflict#RESCHEDULE} each of them puts it off again, at most ten
	 * times as long, and otherwise none does.
	 * @param within by how much
	 * @return the same with it
	 */
	public Uniqueness within(Duration within) {
		requirePositive("within", within);
		Duration longest = within.multipliedBy(PUT_OFFS);
		return within(within, (longest.compareTo(DueTime.In.MAX) > 0) ? DueTime.In.MAX : longest);
	}

	/**
	 * Puts the job off, so that others can join it.
	 * @param within by how much
	 * @param maxDelay how long after the first enqueue the others may put it off
	 * @return the same with it
	 */
	public Uniqueness within(Duration within, Duration maxDelay) {
		return new Uniqueness(this.key, this.until, this.ttl, this.onConflict, within, maxDelay);
	}

}
