package io.jobstarter.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.jobstarter.RecurringConflict;
import io.jobstarter.RecurringDefinition;

/**
 * Finds recurring jobs that collide: within a minute more of them have jobs due on a
 * queue than a node runs of it at the same time. Each counts once in a minute, however
 * often it fires.
 */
public final class ScheduleConflicts {

	private static final Duration AHEAD = Duration.ofHours(24);

	private static final int MOST = 100;

	private final Schedules schedules;

	private final QueueConcurrency concurrency;

	/**
	 * Makes a finder.
	 * @param schedules reads schedules
	 * @param concurrency what a queue bears
	 */
	public ScheduleConflicts(Schedules schedules, QueueConcurrency concurrency) {
		this.schedules = schedules;
		this.concurrency = concurrency;
	}

	/**
	 * Finds them within the next 24 hours.
	 * @param definitions the recurring jobs
	 * @param now the time
	 * @return the conflicts, at most {@value #MOST}, the first to come first
	 */
	public List<RecurringConflict> among(Collection<RecurringDefinition> definitions, Instant now) {
		Map<Slot, List<String>> slots = new HashMap<>();
		definitions.stream().sorted(Comparator.comparing(RecurringDefinition::id)).forEach((definition) -> {
			for (Instant minute : minutes(definition, now)) {
				slots.computeIfAbsent(new Slot(definition.queue(), minute), (slot) -> new ArrayList<>())
					.add(definition.id());
			}
		});
		Map<Meeting, List<Instant>> meetings = new HashMap<>();
		slots.forEach((slot, ids) -> {
			if (ids.size() > this.concurrency.of(slot.queue())) {
				meetings.computeIfAbsent(new Meeting(slot.queue(), ids), (meeting) -> new ArrayList<>())
					.add(slot.minute());
			}
		});
		return meetings.entrySet()
			.stream()
			.map((meeting) -> conflict(meeting.getKey(), meeting.getValue()))
			.sorted(Comparator.comparing(RecurringConflict::first).thenComparing(RecurringConflict::queue))
			.limit(MOST)
			.toList();
	}

	private RecurringConflict conflict(Meeting meeting, List<Instant> minutes) {
		return new RecurringConflict(meeting.queue(), meeting.ids(),
				minutes.stream().min(Comparator.naturalOrder()).orElseThrow(), minutes.size(),
				this.concurrency.of(meeting.queue()));
	}

	// One fire a minute is enough to know that there is one.
	private List<Instant> minutes(RecurringDefinition definition, Instant now) {
		Optional<Schedule> schedule = this.schedules.of(definition.schedule(), definition.zone());
		if (schedule.isEmpty()) {
			return List.of();
		}
		List<Instant> minutes = new ArrayList<>();
		Instant end = now.plus(AHEAD);
		Instant fire = schedule.get().after(now);
		while (fire != null && fire.isBefore(end)) {
			Instant due = fire.plus(Jitter.of(definition, fire)).truncatedTo(ChronoUnit.MINUTES);
			if (minutes.isEmpty() || due.isAfter(minutes.get(minutes.size() - 1))) {
				minutes.add(due);
			}
			Instant minuteEnd = fire.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
			fire = schedule.get().after(minuteEnd.minusNanos(1));
		}
		return minutes;
	}

	/**
	 * A minute of a queue.
	 *
	 * @param queue the queue
	 * @param minute its beginning
	 */
	private record Slot(String queue, Instant minute) {
	}

	/**
	 * Who meets where.
	 *
	 * @param queue the queue
	 * @param ids the recurring jobs
	 */
	private record Meeting(String queue, List<String> ids) {
	}

}
