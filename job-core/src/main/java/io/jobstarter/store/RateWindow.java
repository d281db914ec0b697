package io.jobstarter.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.jobstarter.JobRate;

/**
 * The permits of a rate that were taken of late: a sliding window, as pure arithmetic.
 * Times are microseconds since the epoch, by one clock.
 * <p>
 * A permit is free again one length of the rate after it was taken, so that no stretch of
 * that length has more than its permits. While fewer than {@value #EXACT} takings are
 * remembered, each has its own time. From then on those of a twentieth of the length are
 * remembered together, as of the last of them: never too early, and at most a twentieth
 * too late. So what is remembered is small whatever the number of permits.
 *
 * @param takings what was taken, the earliest first
 */
public record RateWindow(List<Taking> takings) {

	/** Nothing was taken. */
	public static final RateWindow EMPTY = new RateWindow(List.of());

	/** How many takings have their own times. */
	static final int EXACT = 20;

	/** How many parts of the length have a time each, beyond that. */
	static final int PARTS = 20;

	public RateWindow {
		takings = List.copyOf(takings);
	}

	/**
	 * Takes the clock for no earlier than the last taking, which was before: the clock of
	 * a database steps back a little now and then. If it steps back by more than the
	 * length, what was taken counts as taken now, so that nobody waits for longer than
	 * one length.
	 * @param rate the rate
	 * @param clock what the clock says
	 * @return the time to reckon with
	 */
	public long now(JobRate rate, long clock) {
		long last = this.takings.isEmpty() ? clock : this.takings.get(this.takings.size() - 1).at();
		return (last > clock && last - clock <= micros(rate)) ? last : clock;
	}

	/**
	 * Forgets what does not count any more.
	 * @param rate the rate
	 * @param now the time
	 * @return the rest
	 */
	public RateWindow at(JobRate rate, long now) {
		long since = now - micros(rate);
		return new RateWindow(this.takings.stream()
			.filter((taking) -> taking.at() > since)
			.map((taking) -> (taking.at() > now) ? new Taking(now, taking.permits()) : taking)
			.toList());
	}

	/**
	 * Says how many permits are free.
	 * @param rate the rate
	 * @param now the time
	 * @return how many
	 */
	public int free(JobRate rate, long now) {
		long taken = at(rate, now).takings.stream().mapToLong(Taking::permits).sum();
		return (int) Math.max(0, rate.permits() - taken);
	}

	/**
	 * Says how long it takes until permits are free.
	 * @param rate the rate
	 * @param now the time
	 * @param permits how many, at most as many as the rate has
	 * @return how long, in microseconds; 0 if they are
	 */
	public long untilFree(JobRate rate, long now, int permits) {
		long missing = permits - (long) rate.permits();
		RateWindow counted = at(rate, now);
		missing += counted.takings.stream().mapToLong(Taking::permits).sum();
		for (Taking taking : counted.takings) {
			if (missing <= 0) {
				return 0;
			}
			missing -= taking.permits();
			if (missing <= 0) {
				return taking.at() + micros(rate) - now;
			}
		}
		return 0;
	}

	/**
	 * Takes permits, also where there are not enough.
	 * @param rate the rate
	 * @param now the time
	 * @param permits how many
	 * @return what is taken then
	 */
	public RateWindow take(JobRate rate, long now, int permits) {
		RateWindow counted = at(rate, now);
		if (permits <= 0) {
			return counted;
		}
		List<Taking> more = new ArrayList<>(counted.takings);
		Taking last = more.isEmpty() ? null : more.get(more.size() - 1);
		if (last != null && (last.at() == now || more.size() >= EXACT && part(rate, last.at()) == part(rate, now))) {
			more.set(more.size() - 1, new Taking(now, last.permits() + permits));
		}
		else {
			more.add(new Taking(now, permits));
		}
		return new RateWindow(more);
	}

	private static long part(JobRate rate, long time) {
		return Math.floorDiv(time, Math.max(1, micros(rate) / PARTS));
	}

	private static long micros(JobRate rate) {
		return TimeUnit.MICROSECONDS.convert(rate.per());
	}

	/**
	 * Writes it down: each time as the distance from the one before.
	 * @return the text, of less than 1,500 characters
	 */
	public String text() {
		long[] before = { 0 };
		return this.takings.stream().map((taking) -> {
			String text = (taking.at() - before[0]) + "*" + taking.permits();
			before[0] = taking.at();
			return text;
		}).collect(Collectors.joining(" "));
	}

	/**
	 * Reads what {@link #text()} has written. What cannot be read is nothing: a row that
	 * somebody has damaged must not stop a queue.
	 * @param text the text
	 * @return what was taken
	 */
	public static RateWindow of(String text) {
		List<Taking> takings = new ArrayList<>();
		long at = 0;
		try {
			for (String taking : text.isBlank() ? new String[0] : text.split(" ")) {
				int star = taking.indexOf('*');
				at += Long.parseLong(taking.substring(0, star));
				takings.add(new Taking(at, Integer.parseInt(taking.substring(star + 1))));
			}
		}
		catch (NumberFormatException | IndexOutOfBoundsException ex) {
			return EMPTY;
		}
		return new RateWindow(takings);
	}

	/**
	 * Permits that were taken.
	 *
	 * @param at when; of several that are remembered together, the last of them
	 * @param permits how many
	 */
	public record Taking(long at, int permits) {
	}

}
