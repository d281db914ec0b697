package io.jobstarter.why;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.jobstarter.WorkerInfo;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * How figures stand in sentences.
 */
final class Words {

	private static final int MOST_LISTED = 10;

	private static final int LONGEST_TEXT = 300;

	private Words() {
	}

	/**
	 * Says how long something takes, by its two largest units.
	 * @param duration the time; a negative one is none
	 * @return the words
	 */
	static String of(Duration duration) {
		long seconds = Math.max(0, duration.toSeconds());
		if (seconds == 0) {
			return "less than a second";
		}
		if (seconds < 60) {
			return seconds + " s";
		}
		if (seconds < 3_600) {
			return two(seconds / 60, "min", seconds % 60, "s");
		}
		if (seconds < 86_400) {
			return two(seconds / 3_600, "h", seconds % 3_600 / 60, "min");
		}
		return two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h");
	}

	private static String two(long large, String unit, long small, String smallUnit) {
		return large + " " + unit + ((small > 0) ? " " + small + " " + smallUnit : "");
	}

	static String between(Instant from, Instant to) {
		return of(Duration.between(from, to));
	}

	static String of(Instant time) {
		return time.truncatedTo(ChronoUnit.SECONDS).toString();
	}

	static String count(long count, String one, String many) {
		return number(count) + " " + ((count == 1) ? one : many);
	}

	static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	/**
	 * Lists names, but not without end.
	 * @param names the names
	 * @return the words, "nothing" if there are none
	 */
	static String list(List<String> names) {
		if (names.isEmpty()) {
			return "nothing";
		}
		String listed = names.stream().limit(MOST_LISTED).collect(Collectors.joining(", "));
		return (names.size() > MOST_LISTED) ? listed + " and " + (names.size() - MOST_LISTED) + " more" : listed;
	}

	static String worker(WorkerInfo worker) {
		String application = worker.application();
		return "worker " + worker.id() + " (" + worker.host() + ", process " + worker.pid()
				+ ((application != null) ? ", " + application : "") + ")";
	}

	/**
	 * Says what somebody wrote, behind a colon.
	 * @param text the text, or {@code null} if there is none
	 * @return the words, in one line
	 */
	static String because(@Nullable String text) {
		return (text != null && !text.isBlank()) ? ": " + CleanText.printable(text.strip(), LONGEST_TEXT) : "";
	}

	static String by(@Nullable String who) {
		return (who != null) ? " by " + CleanText.printable(who, LONGEST_TEXT) : "";
	}

}
