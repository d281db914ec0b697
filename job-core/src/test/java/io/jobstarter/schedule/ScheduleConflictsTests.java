package io.jobstarter.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.jobstarter.Misfire;
import io.jobstarter.Overlap;
import io.jobstarter.RecurringConflict;
import io.jobstarter.RecurringDefinition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduleConflictsTests {

	private static final Instant NOW = Instant.parse("2026-05-01T12:34:56Z");

	private final ScheduleConflicts conflicts = new ScheduleConflicts(new Schedules(), (queue) -> 2);

	@Test
	void listsThoseThatMeetOnAQueueThatIsTooSmall() {
		assertThat(this.conflicts.among(List.of(job("c", "every day at 03:00:30", "reports"),
				job("a", "every day at 03:00", "reports"), job("b", "0 3 * * *", "reports")), NOW))
			.containsExactly(new RecurringConflict("reports", List.of("a", "b", "c"),
					Instant.parse("2026-05-02T03:00:00Z"), 1, 2));
	}

	@Test
	void countsTheMinutesInWhichTheSameOnesMeet() {
		assertThat(this.conflicts.among(
				List.of(job("a", "every 30 minutes", "q"), job("b", "every hour", "q"), job("c", "every second", "q")),
				NOW))
			.containsExactly(
					new RecurringConflict("q", List.of("a", "b", "c"), Instant.parse("2026-05-01T13:00:00Z"), 24, 2));
	}

	@Test
	void leavesOutThoseThatAQueueBearsOrThatAreOnOthers() {
		assertThat(this.conflicts.among(List.of(job("a", "@daily", "q"), job("b", "@daily", "q"),
				job("c", "@daily", "other"), job("d", "every day at 00:01", "q")), NOW))
			.isEmpty();
	}

	@Test
	void jitterSpreadsThem() {
		List<RecurringDefinition> spread = List.of(job("a", "@daily", "q", 12), job("b", "@daily", "q", 12),
				job("c", "@daily", "q", 12));
		assertThat(this.conflicts.among(spread, NOW)).isEmpty();
	}

	private static RecurringDefinition job(String id, String schedule, String queue) {
		return job(id, schedule, queue, 0);
	}

	private static RecurringDefinition job(String id, String schedule, String queue, int jitterHours) {
		return new RecurringDefinition(id, schedule, "UTC", "report", "{}", queue, 0, null, Misfire.ONCE, Overlap.ALLOW,
				Duration.ofHours(jitterHours), null);
	}

}
