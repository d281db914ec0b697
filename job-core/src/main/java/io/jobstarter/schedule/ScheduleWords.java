package io.jobstarter.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.jobstarter.InvalidScheduleException;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * Reads schedules in words. The grammar, in any case, with {@code ,} and {@code and}
 * alike in lists:
 *
 * <pre>
 * schedule = "every" ( interval | days [ "at" time { "and" time } ] )
 * interval = [ number ] ( "seconds" | "minutes" | "hours" )
 * days     = "day" | "weekday" | "weekend" | "week" | "month" | "year"
 *          | weekday { "and" weekday }
 *          | ( ordinal | "last" ) { "and" ( ordinal | "last" ) } "day of" [ "the" ] "month"
 * weekday  = "monday" | "mon" | ...
 * ordinal  = "1st" | "2nd" | ... | "31st"
 * time     = hour [ ":" minute [ ":" second ] ] [ "am" | "pm" ] | "noon" | "midnight"
 * </pre>
 *
 * Words may stand in the singular or the plural. Without a time, days begin at midnight.
 */
final class ScheduleWords {

	private static final Map<String, Duration> INTERVALS = Map.of("second", Duration.ofSeconds(1), "minute",
			Duration.ofMinutes(1), "hour", Duration.ofHours(1));

	/** The fields of a cron expression for day of month, month and day of week. */
	private static final Map<String, String> DAYS = Map.of("day", "* * *", "weekday", "* * MON-FRI", "weekend",
			"* * SAT,SUN", "week", "* * MON", "month", "1 * *", "year", "1 1 *");

	private static final List<String> WEEKDAYS = List.of("monday", "tuesday", "wednesday", "thursday", "friday",
			"saturday", "sunday");

	private static final Pattern INTERVAL = Pattern.compile("(?:(\\d{1,8}) )?(second|minute|hour)s?");

	private static final Pattern OF_MONTH = Pattern.compile("(.+?) days? of (?:the |each |every )?month");

	private static final Pattern ORDINAL = Pattern.compile("(\\d{1,2})(?:st|nd|rd|th)");

	private static final Pattern TIME = Pattern.compile("(\\d{1,2})(?::(\\d{2}))?(?::(\\d{2}))? ?(am|pm)?");

	private static final String MIDNIGHT = "0 0 0";

	private static final int LAST_DAY = 31;

	private static final int HALF_DAY = 12;

	private final String text;

	private final ZoneId zone;

	/**
	 * Makes a reader.
	 * @param text the words, from "every" on, without a time zone
	 * @param zone whose clocks the schedule follows
	 */
	ScheduleWords(String text, ZoneId zone) {
		this.text = text;
		this.zone = zone;
	}

	Schedule parse() {
		String words = this.text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").replaceFirst("^every ?", "");
		String[] parts = words.split(" at ", 2);
		Duration interval = interval(parts[0]);
		if (interval != null && parts.length == 1) {
			return new Interval(interval);
		}
		if (interval != null) {
			throw refusal("an interval has no time of day", "Leave out 'at', or write a cron expression such as "
					+ "'15 * * * *' for a quarter past every hour");
		}
		String days = days(parts[0]);
		Set<String> times = (parts.length == 1) ? Set.of(MIDNIGHT) : times(parts[1]);
		List<Schedule> schedules = new ArrayList<>();
		for (String time : times) {
			schedules.add(new ClockTimes(CronExpression.parse(time + " " + days), this.zone, false));
		}
		return (schedules.size() == 1) ? schedules.get(0) : new EarliestOf(List.copyOf(schedules));
	}

	private @Nullable Duration interval(String words) {
		Matcher matcher = INTERVAL.matcher(words);
		if (!matcher.matches()) {
			return null;
		}
		int count = (matcher.group(1) != null) ? Integer.parseInt(matcher.group(1)) : 1;
		if (count == 0) {
			throw refusal("0 is no interval", "Write 1 or more");
		}
		return Objects.requireNonNull(INTERVALS.get(matcher.group(2))).multipliedBy(count);
	}

	private String days(String words) {
		String known = DAYS.get(singular(words));
		if (known != null) {
			return known;
		}
		Matcher ofMonth = OF_MONTH.matcher(words);
		if (ofMonth.matches()) {
			return list(ofMonth.group(1)).stream().map(this::dayOfMonth).collect(Collectors.joining(",")) + " * *";
		}
		return "* * " + list(words).stream().map(this::weekday).collect(Collectors.joining(","));
	}

	private String dayOfMonth(String word) {
		Matcher ordinal = ORDINAL.matcher(word);
		if (ordinal.matches() && isBetween(Integer.parseInt(ordinal.group(1)), 1, LAST_DAY)) {
			return ordinal.group(1);
		}
		if (word.equals("last")) {
			return "L";
		}
		throw refusal("'" + word + "' is no day of a month", "Write 1st, 2nd, 15th or last");
	}

	private String weekday(String word) {
		String day = singular(word);
		return WEEKDAYS.stream()
			.filter((name) -> name.equals(day) || name.substring(0, 3).equals(day))
			.findFirst()
			.map((name) -> name.substring(0, 3).toUpperCase(Locale.ROOT))
			.orElseThrow(() -> refusal("'" + word + "' is not known here",
					"Write 'every' and then 30 minutes, day, weekday, weekend, week, month, year, monday, "
							+ "or 1st day of month; days may be followed by 'at 04:02'"));
	}

	private Set<String> times(String words) {
		Set<String> times = new LinkedHashSet<>();
		for (String word : list(words)) {
			times.add(time(word));
		}
		return times;
	}

	private String time(String word) {
		if (word.equals("midnight")) {
			return MIDNIGHT;
		}
		if (word.equals("noon")) {
			return "0 0 12";
		}
		Matcher matcher = TIME.matcher(word);
		if (!matcher.matches() || (matcher.group(2) == null && matcher.group(4) == null)) {
			throw noTime(word);
		}
		int hour = hour(Integer.parseInt(matcher.group(1)), matcher.group(4));
		int minute = (matcher.group(2) != null) ? Integer.parseInt(matcher.group(2)) : 0;
		int second = (matcher.group(3) != null) ? Integer.parseInt(matcher.group(3)) : 0;
		if (!isBetween(hour, 0, 23) || !isBetween(minute, 0, 59) || !isBetween(second, 0, 59)) {
			throw noTime(word);
		}
		return second + " " + minute + " " + hour;
	}

	// 12am is midnight and 12pm is noon.
	private static int hour(int shown, @Nullable String half) {
		if (half == null) {
			return shown;
		}
		return isBetween(shown, 1, HALF_DAY) ? shown % HALF_DAY + (half.equals("pm") ? HALF_DAY : 0) : -1;
	}

	private static List<String> list(String words) {
		return List.of(words.strip().split("\\s*,\\s*(?:and )?|\\s+and\\s+"));
	}

	private static String singular(String word) {
		return word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
	}

	private static boolean isBetween(int value, int min, int max) {
		return value >= min && value <= max;
	}

	private InvalidScheduleException noTime(String word) {
		return refusal("'" + word + "' is no time of day", "Write 04:02, 16:30:15, 9am, 9:30pm, noon or midnight");
	}

	private InvalidScheduleException refusal(String why, String remedy) {
		return new InvalidScheduleException(
				ScheduleText.shown("'" + this.text + "' is no schedule: " + why) + ". " + remedy);
	}

}
