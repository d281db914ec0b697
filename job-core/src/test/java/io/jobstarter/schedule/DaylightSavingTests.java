package io.jobstarter.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests when schedules fire where clocks are changed, against an oracle that knows no
 * cron: it looks at the clock of the zone every minute.
 */
class DaylightSavingTests {

	private static final List<String> ZONES = List.of("Europe/Berlin", "America/New_York", "Africa/Cairo",
			"Australia/Lord_Howe");

	private static final Instant FIRST = Instant.parse("2023-01-01T00:00:00Z");

	private static final Instant LAST = Instant.parse("2028-01-01T00:00:00Z");

	private static final Duration AROUND = Duration.ofDays(3);

	static Stream<Arguments> timesOfCertainHours() {
		return ZONES.stream()
			.flatMap((zone) -> Stream
				.of("00:00", "00:30", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00", "03:30", "23:59")
				.map((time) -> Arguments.of(zone, time)));
	}

	@ParameterizedTest
	@MethodSource
	void timesOfCertainHours(String zone, String time) {
		LocalTime daily = LocalTime.parse(time);
		Schedule schedule = Schedule.parse("every day at " + time, ZoneId.of(zone));
		for (ZoneOffsetTransition change : changes(zone)) {
			assertThat(fires(schedule, change)).as("around %s", change)
				.isEqualTo(onceEach(ZoneId.of(zone), Set.of(daily), change));
			isAnsweredFromEveryMinute(schedule, onceEach(ZoneId.of(zone), Set.of(daily), change), change);
		}
	}

	static Stream<Arguments> severalTimesOfCertainHours() {
		return ZONES.stream()
			.flatMap((zone) -> Stream
				.of("0 0,15,30,45 0-4 * * *", "0 */10 1,2 * * *", "0 0 */2 * * *", "0 30 1-3 * * *", "0 20,35 2 * * *")
				.map((cron) -> Arguments.of(zone, cron)));
	}

	@ParameterizedTest
	@MethodSource
	void severalTimesOfCertainHours(String zone, String cron) {
		Schedule schedule = Schedule.parse(cron, ZoneId.of(zone));
		Set<LocalTime> times = timesOf(cron);
		for (ZoneOffsetTransition change : changes(zone)) {
			assertThat(fires(schedule, change)).as("around %s", change)
				.isEqualTo(onceEach(ZoneId.of(zone), times, change));
			isAnsweredFromEveryMinute(schedule, onceEach(ZoneId.of(zone), times, change), change);
		}
	}

	static Stream<Arguments> timesOfEveryHour() {
		return ZONES.stream()
			.flatMap((zone) -> Stream.of("0 * * * *", "*/30 * * * *", "15,45 * * * *", "@hourly", "0 */20 * * * *")
				.map((cron) -> Arguments.of(zone, cron)));
	}

	@ParameterizedTest
	@MethodSource
	void timesOfEveryHour(String zone, String cron) {
		Schedule schedule = Schedule.parse(cron, ZoneId.of(zone));
		Set<Integer> minutes = switch (cron) {
			case "0 * * * *", "@hourly" -> Set.of(0);
			case "*/30 * * * *" -> Set.of(0, 30);
			case "15,45 * * * *" -> Set.of(15, 45);
			default -> Set.of(0, 20, 40);
		};
		for (ZoneOffsetTransition change : changes(zone)) {
			assertThat(fires(schedule, change)).as("around %s", change)
				.isEqualTo(asShown(ZoneId.of(zone), minutes, change));
			isAnsweredFromEveryMinute(schedule, asShown(ZoneId.of(zone), minutes, change), change);
		}
	}

	@Test
	void everyHourMeans23And25FiresOnTheDaysOfTheChange() {
		Schedule hourly = Schedule.parse("0 * * * *", ZoneId.of("Europe/Berlin"));
		assertThat(firesOn(hourly, LocalDate.of(2025, 3, 30))).hasSize(23);
		assertThat(firesOn(hourly, LocalDate.of(2025, 10, 26))).hasSize(25);
		assertThat(firesOn(Schedule.parse("every hour", ZoneId.of("Europe/Berlin")), LocalDate.of(2025, 10, 26)))
			.hasSize(25);
	}

	@Test
	void noDayIsSkippedInAYear() {
		for (String zone : ZONES) {
			for (String time : List.of("00:00", "00:30", "01:59", "02:00", "02:30", "03:00")) {
				Schedule daily = Schedule.parse("every day at " + time, ZoneId.of(zone));
				Instant start = LocalDate.of(2026, 1, 1).atStartOfDay(ZoneId.of(zone)).toInstant().minusNanos(1);
				Instant end = LocalDate.of(2027, 1, 1).atStartOfDay(ZoneId.of(zone)).toInstant();
				Set<LocalDate> days = new HashSet<>();
				List<Instant> fires = fires(daily, start, end);
				fires.forEach((fire) -> days.add(LocalDate.ofInstant(fire, ZoneId.of(zone))));
				assertThat(fires).as("%s in %s", time, zone).hasSize(365);
				assertThat(days).hasSize(365);
			}
		}
	}

	@Test
	void aWholeDayThatAZoneSkipsIsMadeUpFor() {
		// Samoa went from 29 December 2011 straight to the 31st.
		Schedule daily = Schedule.parse("every day at 10:00", ZoneId.of("Pacific/Apia"));
		List<Instant> fires = fires(daily, Instant.parse("2011-12-29T10:00:00Z"),
				Instant.parse("2012-01-02T00:00:00Z"));
		assertThat(fires).containsExactly(Instant.parse("2011-12-29T20:00:00Z"), Instant.parse("2011-12-30T20:00:00Z"),
				Instant.parse("2011-12-31T20:00:00Z"), Instant.parse("2012-01-01T20:00:00Z"));
	}

	// Not only from one fire to the next: a schedule may begin, or be resumed, in
	// between.
	private static void isAnsweredFromEveryMinute(Schedule schedule, List<Instant> fires, ZoneOffsetTransition change) {
		Instant end = change.getInstant().plus(Duration.ofHours(2));
		List<Instant> answers = new ArrayList<>();
		List<Instant> expected = new ArrayList<>();
		Iterator<Instant> next = fires.iterator();
		Instant fire = next.next();
		for (Instant from = end.minus(Duration.ofHours(4)); from.isBefore(end); from = from.plusSeconds(60)) {
			while (!fire.isAfter(from)) {
				fire = next.next();
			}
			answers.add(schedule.after(from));
			expected.add(fire);
		}
		assertThat(answers).as("around %s", change).isEqualTo(expected);
	}

	private static List<ZoneOffsetTransition> changes(String zone) {
		List<ZoneOffsetTransition> changes = new ArrayList<>();
		ZoneOffsetTransition change = ZoneId.of(zone).getRules().nextTransition(FIRST);
		while (change != null && change.getInstant().isBefore(LAST)) {
			changes.add(change);
			change = ZoneId.of(zone).getRules().nextTransition(change.getInstant());
		}
		assertThat(changes).hasSizeGreaterThan(8);
		return changes;
	}

	private static List<Instant> fires(Schedule schedule, ZoneOffsetTransition change) {
		return fires(schedule, change.getInstant().minus(AROUND), change.getInstant().plus(AROUND));
	}

	private static List<Instant> fires(Schedule schedule, Instant after, Instant before) {
		List<Instant> fires = new ArrayList<>();
		Instant fire = schedule.after(after);
		while (fire != null && fire.isBefore(before)) {
			fires.add(fire);
			fire = schedule.after(fire);
		}
		return fires;
	}

	private static List<Instant> firesOn(Schedule schedule, LocalDate day) {
		ZoneId zone = ZoneId.of("Europe/Berlin");
		return fires(schedule, day.atStartOfDay(zone).toInstant().minusNanos(1),
				day.plusDays(1).atStartOfDay(zone).toInstant());
	}

	// What the clock shows, each time that it does.
	private static List<Instant> asShown(ZoneId zone, Set<Integer> minutes, ZoneOffsetTransition change) {
		return minutesAround(change)
			.filter((instant) -> minutes.contains(LocalDateTime.ofInstant(instant, zone).getMinute()))
			.toList();
	}

	// What the clock shows for the first time, and what it would show had it not been
	// put forward, as long after as it was.
	private static List<Instant> onceEach(ZoneId zone, Set<LocalTime> times, ZoneOffsetTransition change) {
		Set<LocalDateTime> before = new HashSet<>();
		return minutesAround(change).filter((instant) -> {
			LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
			boolean moved = change.isGap() && !instant.isBefore(change.getInstant())
					&& instant.isBefore(change.getInstant().plus(change.getDuration()))
					&& times.contains(local.minus(change.getDuration()).toLocalTime());
			return moved || (before.add(local) && times.contains(local.toLocalTime()));
		}).toList();
	}

	private static Stream<Instant> minutesAround(ZoneOffsetTransition change) {
		Instant start = change.getInstant().minus(AROUND);
		return Stream.iterate(start.plusSeconds(60), (instant) -> instant.isBefore(change.getInstant().plus(AROUND)),
				(instant) -> instant.plusSeconds(60));
	}

	private static Set<LocalTime> timesOf(String cron) {
		return switch (cron) {
			case "0 0,15,30,45 0-4 * * *" -> times(0, 4, 1, 15);
			case "0 */10 1,2 * * *" -> times(1, 2, 1, 10);
			case "0 0 */2 * * *" -> times(0, 23, 2, 60);
			case "0 20,35 2 * * *" -> Set.of(LocalTime.of(2, 20), LocalTime.of(2, 35));
			default -> Set.of(LocalTime.of(1, 30), LocalTime.of(2, 30), LocalTime.of(3, 30));
		};
	}

	private static Set<LocalTime> times(int firstHour, int lastHour, int hours, int minutes) {
		Set<LocalTime> times = new HashSet<>();
		for (int hour = firstHour; hour <= lastHour; hour += hours) {
			for (int minute = 0; minute < 60; minute += minutes) {
				times.add(LocalTime.of(hour, minute));
			}
		}
		return times;
	}

}
