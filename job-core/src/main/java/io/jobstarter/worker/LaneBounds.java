package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.jobstarter.store.Lane;
import org.jspecify.annotations.Nullable;

/**
 * Up to which position a node has claimed each lane. Starting a claim there skips the
 * dead rows of what is long gone. Rows that were committed late lie below, so some claims
 * are sweeps, which start lower: the later a row may be, the more a sweep that finds it
 * costs, and the more rarely there is one. Not safe for use by several threads.
 */
final class LaneBounds {

	/** Longer than any node is up. */
	private static final Duration ALL = Duration.ofNanos(Long.MAX_VALUE);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	private static final int FIVE_PERCENT = 20;

	private static final int ONE_PERCENT = 100;

	private final Map<Lane, Long> bounds = new HashMap<>();

	private final Sweep everything;

	private final Sweep minutes;

	private final List<Sweep> remembering;

	/** All of them, the deepest first. */
	private final List<Sweep> sweeps;

	private @Nullable Sweep current;

	LaneBounds(LongSupplier nanoTime) {
		this.everything = new Sweep(ALL, ONE_PERCENT, LONGEST_PAUSE, nanoTime);
		this.minutes = new Sweep(Duration.ofSeconds(100), ONE_PERCENT, LONGEST_PAUSE, nanoTime);
		this.remembering = List.of(this.minutes,
				new Sweep(Duration.ofSeconds(10), ONE_PERCENT, Duration.ofSeconds(10), nanoTime),
				new Sweep(Duration.ofSeconds(1), FIVE_PERCENT, Duration.ofSeconds(1), nanoTime));
		this.sweeps = Stream.concat(Stream.of(this.everything), this.remembering.stream()).toList();
	}

	/**
	 * Begins a round of claims, which is the deepest sweep that its budget allows, if
	 * there is one.
	 */
	void beginRound() {
		this.remembering.forEach((sweep) -> sweep.remember(this.bounds));
		this.current = this.sweeps.stream().filter(this::isDue).findFirst().orElse(null);
	}

	private boolean isDue(Sweep sweep) {
		return isOfUse(sweep) && sweep.budget().allows();
	}

	// One that remembers nothing would read everything once more.
	private boolean isOfUse(Sweep sweep) {
		return sweep == this.everything || sweep.hasMemory();
	}

	/**
	 * Says where to read a lane in this round.
	 * @param lane the lane
	 * @return the first position that is looked at
	 */
	long from(Lane lane) {
		return (this.current != null) ? this.current.from(lane) : this.bounds.getOrDefault(lane, 0L);
	}

	void claimed(Lane lane, long position) {
		Long bound = this.bounds.get(lane);
		if (bound == null) {
			this.remembering.forEach((sweep) -> sweep.begin(lane, position));
		}
		if (bound == null || bound <= position) {
			this.bounds.put(lane, position + 1);
		}
	}

	/**
	 * Says how long the claims of this round have taken up to now. A sweep stands for
	 * those that are less deep, too.
	 * @param nanos the time
	 */
	void spent(long nanos) {
		if (this.current != null) {
			this.current.budget().spent(nanos);
			this.sweeps.stream()
				.skip(this.sweeps.indexOf(this.current) + 1L)
				.forEach((covered) -> covered.budget().pause());
		}
	}

	/**
	 * Says when a deeper sweep than this round's is allowed, which may find what this
	 * round has missed.
	 * @return how long to wait, or an hour if this round has missed nothing
	 */
	Duration untilDeeperSweep() {
		return this.sweeps.stream()
			.takeWhile((sweep) -> sweep != this.current)
			.filter(this::isOfUse)
			.map((sweep) -> sweep.budget().untilAllowed())
			.min(Duration::compareTo)
			.orElse(Duration.ofHours(1));
	}

	/**
	 * Forgets the bounds: after a new connection positions may start over.
	 */
	void forget() {
		this.bounds.clear();
		this.remembering.forEach(Sweep::forget);
	}

	/**
	 * Forgets lanes that are gone, but not those that are empty for a moment only: each
	 * claim would read their dead rows again. One is gone when nothing has been claimed
	 * in it for minutes.
	 * @param known which lanes there are
	 */
	void forgetGone(Predicate<Lane> known) {
		this.bounds.entrySet()
			.removeIf((bound) -> !known.test(bound.getKey()) && bound.getValue() == this.minutes.from(bound.getKey()));
	}

}
