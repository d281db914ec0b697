package io.jobstarter.faults.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds out whether this machine stands still: a thread that looks at the clock all the
 * time, and notes when it could not. Leases and limits of some seconds mean nothing then.
 */
final class Standstill {

	/** Half of the shortest lease in these tests. */
	private static final Duration NOTABLE = Duration.ofSeconds(1);

	private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

	private static final Standstill WATCH = new Standstill();

	private final List<Pause> pauses = new ArrayList<>();

	private Standstill() {
		Thread thread = new Thread(this::watch, "standstill");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Tells how long the machine has stood still at most.
	 * @param since from when on, by {@link System#nanoTime}
	 * @return the longest pause, if there was one
	 */
	static Optional<Pause> longestSince(long since) {
		return WATCH.longest(since);
	}

	private synchronized Optional<Pause> longest(long since) {
		return this.pauses.stream().filter((pause) -> pause.end() - since > 0).max(Comparator.comparing(Pause::length));
	}

	private synchronized void note(Pause pause) {
		this.pauses.add(pause);
		System.out.println(pause);
	}

	private void watch() {
		long last = System.nanoTime();
		while (true) {
			LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
			long now = System.nanoTime();
			Duration length = Duration.ofNanos(now - last);
			if (length.compareTo(NOTABLE) > 0) {
				note(new Pause(Instant.now(), now, length));
			}
			last = now;
		}
	}

	/**
	 * A pause.
	 *
	 * @param at when it was over
	 * @param end the same by {@link System#nanoTime}
	 * @param length how long it was
	 */
	record Pause(Instant at, long end, Duration length) {

		@Override
		public String toString() {
			return "This machine stood still for " + this.length.toMillis() + " ms until " + this.at;
		}

	}

}
