package io.jobstarter.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.jobstarter.InvalidScheduleException;
import io.jobstarter.support.CleanText;
import org.springframework.scheduling.support.CronExpression;

/**
 * Reads schedules: cron expressions of five or six fields, macros, and words, each of
 * which may name its time zone at the end.
 */
final class ScheduleText {

	private static final int MAX_LENGTH = 200;

	private static final Pattern ZONE = Pattern.compile("(.+?)\\s+in\\s+([A-Za-z][A-Za-z0-9_+/-]*)",
			Pattern.CASE_INSENSITIVE);

	private static final Set<String> ALL_HOURS = Set.of("*", "*/1", "0/1", "0-23");

	private static final int CLASSIC_FIELDS = 5;

	private static final int HOUR = 2;

	private static final int DAY_OF_MONTH = 3;

	private static final int DAY_OF_WEEK = 5;

	private final String text;

	private final ZoneId zone;

	private ScheduleText(String text, ZoneId zone) {
		this.text = text;
		this.zone = zone;
	}

	static Schedule parse(String text, ZoneId zone) {
		if (text.isBlank() || text.length() > MAX_LENGTH) {
			throw new InvalidScheduleException("A schedule has 1 to " + MAX_LENGTH + " characters. Write for example "
					+ "'every 30 minutes', 'every day at 04:02' or '0 4 * * *'");
		}
		Matcher withZone = ZONE.matcher(text.strip());
		ScheduleText schedule = withZone.matches()
				? new ScheduleText(withZone.group(1), zoneOf(withZone.group(2), text))
				: new ScheduleText(text.strip(), zone);
		Schedule parsed = schedule.parse();
		if (parsed.after(Instant.EPOCH) == null) {
			throw new InvalidScheduleException("'" + shown(text) + "' never fires: there is no such day");
		}
		return parsed;
	}

	private static ZoneId zoneOf(String name, String text) {
		String known = ZoneId.getAvailableZoneIds().stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
		try {
			return ZoneId.of(known);
		}
		catch (DateTimeException ex) {
			throw new InvalidScheduleException("'" + shown(text) + "' names a time zone that there is not: '"
					+ shown(name) + "'. Write it as in Europe/Berlin or UTC");
		}
	}

	private Schedule parse() {
		String[] fields = this.text.split("\\s+");
		if (fields[0].equalsIgnoreCase("every")) {
			return new ScheduleWords(this.text, this.zone).parse();
		}
		if (this.text.startsWith("@")) {
			return cron(this.text, this.text.equalsIgnoreCase("@hourly"));
		}
		if (fields.length == CLASSIC_FIELDS) {
			return classic(("0 " + String.join(" ", fields)).split(" "));
		}
		if (fields.length == CLASSIC_FIELDS + 1) {
			return cron(String.join(" ", fields), isEveryHour(fields));
		}
		throw new InvalidScheduleException("'" + shown(this.text) + "' is no schedule. Write a cron expression of five "
				+ "fields (minute, hour, day of month, month, day of week) or six (second first), a macro such as "
				+ "@daily, or words such as 'every 30 minutes', 'every day at 04:02' or 'every monday at 9am in "
				+ "Europe/Berlin'");
	}

	// The classic cron takes a day that fits one of the two fields where both are
	// restricted; six fields are Spring's, which takes those that fit both.
	private Schedule classic(String[] fields) {
		if (isAny(fields[DAY_OF_MONTH]) || isAny(fields[DAY_OF_WEEK])) {
			return cron(String.join(" ", fields), isEveryHour(fields));
		}
		String[] byMonth = fields.clone();
		byMonth[DAY_OF_WEEK] = "*";
		String[] byWeek = fields.clone();
		byWeek[DAY_OF_MONTH] = "*";
		return new EarliestOf(List.of(cron(String.join(" ", byMonth), isEveryHour(fields)),
				cron(String.join(" ", byWeek), isEveryHour(fields))));
	}

	private static boolean isAny(String field) {
		return field.startsWith("*") || field.equals("?");
	}

	private static boolean isEveryHour(String[] fields) {
		return ALL_HOURS.contains(fields[HOUR]);
	}

	private Schedule cron(String expression, boolean everyHour) {
		try {
			return new ClockTimes(CronExpression.parse(expression), this.zone, everyHour);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidScheduleException("'" + shown(this.text) + "' is no cron expression: "
					+ CleanText.printable(String.valueOf(ex.getMessage()), MAX_LENGTH));
		}
	}

	static String shown(String text) {
		return CleanText.printable(text, MAX_LENGTH);
	}

}
