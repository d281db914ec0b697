package io.jobstarter.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The fires of a schedule that are due.
 *
 * @param latest the last of them, by instant, at most {@value #MAX}
 * @param count how many there are; where there are very many, at least so many
 */
record DueFires(List<Instant> latest, long count) {

	/** The most fires that are made up for. */
	static final int MAX = 100;

	/** Years of seconds are not counted one by one, with the row locked. */
	private static final int MOST_COUNTED = 10_000;

	private static final int GROWTH = 4;

	/**
	 * Finds them.
	 * @param schedule the schedule
	 * @param first the first of them
	 * @param now until when, inclusive
	 * @return the fires
	 */
	static DueFires of(Schedule schedule, Instant first, Instant now) {
		Deque<Instant> latest = new ArrayDeque<>();
		long count = 0;
		Instant fire = first;
		while (fire != null && !fire.isAfter(now)) {
			if (count == MOST_COUNTED) {
				return new DueFires(lastBefore(schedule, fire, now), count);
			}
			count++;
			add(latest, fire);
			fire = schedule.after(fire);
		}
		return new DueFires(List.copyOf(latest), count);
	}

	// From the end: within the last minute, and if these are too few, further back.
	private static List<Instant> lastBefore(Schedule schedule, Instant earliest, Instant now) {
		Duration back = Duration.ofMinutes(1);
		while (true) {
			boolean whole = now.minus(back).isBefore(earliest);
			Instant from = whole ? earliest : now.minus(back);
			List<Instant> fires = between(schedule, from, now);
			if (whole || fires.size() == MAX) {
				return fires;
			}
			back = back.multipliedBy(GROWTH);
		}
	}

	private static List<Instant> between(Schedule schedule, Instant from, Instant now) {
		Deque<Instant> latest = new ArrayDeque<>();
		Instant fire = schedule.after(from.minusNanos(1));
		while (fire != null && !fire.isAfter(now)) {
			add(latest, fire);
			fire = schedule.after(fire);
		}
		return List.copyOf(latest);
	}

	private static void add(Deque<Instant> latest, Instant fire) {
		latest.add(fire);
		if (latest.size() > MAX) {
			latest.removeFirst();
		}
	}

}
