package io.jobstarter.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * Fires when the clocks of a time zone show one of the times of a cron expression. Where
 * the clocks are changed it follows the rule of Vixie's cron, in two kinds:
 * <ul>
 * <li>Times of certain hours of the day happen once each. One that the clocks skip
 * happens as much later as they are put forward, so that no day is left out; one that
 * they show twice happens the first time.
 * <li>Times of every hour are those that the clocks really show: 23 full hours on the day
 * on which they are put forward, 25 on the day on which they are put back.
 * </ul>
 * Two times that fall together fire once.
 */
final class ClockTimes implements Schedule {

	private final CronExpression cron;

	private final ZoneId zone;

	private final ZoneRules rules;

	private final boolean everyHour;

	/**
	 * Makes the times.
	 * @param cron which times, in six fields
	 * @param zone whose clocks show them
	 * @param everyHour whether they are times of every hour of the day
	 */
	ClockTimes(CronExpression cron, ZoneId zone, boolean everyHour) {
		this.cron = cron;
		this.zone = zone;
		this.rules = zone.getRules();
		this.everyHour = everyHour;
	}

	@Override
	public @Nullable Instant after(Instant instant) {
		return this.everyHour ? shownAfter(instant) : onceAfter(instant);
	}

	// Between two changes the clocks go on evenly: one stretch after the other.
	private @Nullable Instant shownAfter(Instant instant) {
		ZoneOffset offset = this.rules.getOffset(instant);
		LocalDateTime from = LocalDateTime.ofInstant(instant, offset);
		ZoneOffsetTransition change = this.rules.nextTransition(instant);
		while (true) {
			LocalDateTime next = this.cron.next(from);
			if (next == null || change == null || next.toInstant(offset).isBefore(change.getInstant())) {
				return (next != null) ? next.toInstant(offset) : null;
			}
			from = justBefore(change.getDateTimeAfter());
			offset = change.getOffsetAfter();
			change = this.rules.nextTransition(change.getInstant());
		}
	}

	private @Nullable Instant onceAfter(Instant instant) {
		LocalDateTime from = startOf(instant);
		LocalDateTime next = this.cron.next(from);
		return Stream.of(skippedBefore(instant, from), instantOf(next), instantOf(behindGap(next)))
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.orElse(null);
	}

	// What the clocks show for the second time has happened the first time.
	private LocalDateTime startOf(Instant instant) {
		LocalDateTime local = LocalDateTime.ofInstant(instant, this.rules.getOffset(instant));
		ZoneOffsetTransition change = this.rules.getTransition(local);
		boolean again = change != null && change.isOverlap() && !instant.isBefore(change.getInstant());
		return again ? justBefore(change.getDateTimeBefore()) : local;
	}

	// In a gap moved forward by its length, in an overlap the first one: see
	// ZonedDateTime.
	private @Nullable Instant instantOf(@Nullable LocalDateTime local) {
		return (local != null) ? local.atZone(this.zone).toInstant() : null;
	}

	// What was skipped a moment ago is still to come, moved forward.
	private @Nullable Instant skippedBefore(Instant instant, LocalDateTime from) {
		ZoneOffsetTransition change = this.rules.previousTransition(instant.plusNanos(1));
		if (change == null || !change.isGap() || !instant.isBefore(change.getInstant().plus(change.getDuration()))) {
			return null;
		}
		LocalDateTime unmoved = from.minus(change.getDuration());
		LocalDateTime skipped = this.cron.next(unmoved);
		boolean inGap = skipped != null && skipped.isBefore(change.getDateTimeAfter());
		return inGap ? skipped.plus(change.getDuration()).toInstant(change.getOffsetAfter()) : null;
	}

	// A time after the gap may come before one in it that is moved forward.
	private @Nullable LocalDateTime behindGap(@Nullable LocalDateTime next) {
		ZoneOffsetTransition change = (next != null) ? this.rules.getTransition(next) : null;
		return (change != null && change.isGap()) ? this.cron.next(justBefore(change.getDateTimeAfter())) : null;
	}

	private static LocalDateTime justBefore(LocalDateTime time) {
		return time.minusNanos(1);
	}

}
