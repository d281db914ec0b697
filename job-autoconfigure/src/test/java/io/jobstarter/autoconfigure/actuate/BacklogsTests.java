package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.autoconfigure.BackgroundJobProperties.BacklogStatus;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Health;
import io.jobstarter.autoconfigure.BackgroundJobProperties.QueueHealth;
import io.jobstarter.worker.ServedQueues;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the bounds of queues.
 */
class BacklogsTests {

	private static final Instant NOW = Instant.parse("2025-01-01T12:00:00Z");

	@Test
	void saysNothingWithoutBounds() {
		assertThat(above(null, null, Map.of(), queue("mail", 1_000_000, 86_400))).isEmpty();
	}

	@Test
	void allowsWhatIsWithinTheBounds() {
		assertThat(above(60, 10L, Map.of(), queue("mail", 10, 60))).isEmpty();
	}

	@Test
	void namesTheQueuesWhoseJobsAreTooOldOrTooMany() {
		assertThat(above(60, 10L, Map.of(), queue("mail", 1, 61), queue("reports", 11, 0), queue("other", 0, 0)))
			.containsEntry("mail", "its oldest ready job has been due for 61 s, more than 60 s")
			.containsEntry("reports", "it holds 11 ready jobs, more than 10")
			.hasSize(2);
	}

	@Test
	void asksNothingOfAQueueThatIsPaused() {
		QueueInfo paused = new QueueInfo("mail", Map.of(JobState.READY, 99L), NOW.minusSeconds(99), NOW, null, null,
				null);
		assertThat(above(60, 10L, Map.of("mail", new QueueHealth(null, 5L)), paused)).isEmpty();
	}

	@Test
	void judgesOnlyWhatThisNodeServesByTheBoundsOfAll() {
		assertThat(above(60, null, Map.of(), queue("elsewhere", 5, 3600))).isEmpty();
		assertThat(above(60, null, Map.of("elsewhere", new QueueHealth(Duration.ofSeconds(30), null)),
				queue("elsewhere", 5, 3600)))
			.containsOnlyKeys("elsewhere");
	}

	@Test
	void letsTheBoundsOfAQueueGoBeforeThoseOfAllOneByOne() {
		Map<String, QueueHealth> own = Map.of("re*", new QueueHealth(Duration.ofHours(1), null));
		assertThat(above(60, 10L, own, queue("reports", 5, 1000), queue("mail", 5, 1000))).containsOnlyKeys("mail");
		assertThat(above(60, 10L, own, queue("reports", 11, 1000))).containsOnlyKeys("reports");
	}

	@Test
	void takesAClockThatIsLateForNothing() {
		assertThat(Backlogs.age(queue("mail", 1, -5), NOW)).isZero();
	}

	private static QueueInfo queue(String name, long ready, long age) {
		return new QueueInfo(name, Map.of(JobState.READY, ready), NOW.minusSeconds(age), null, null, null, null);
	}

	private static Map<String, String> above(@Nullable Integer maxAge, @Nullable Long maxDepth,
			Map<String, QueueHealth> own, QueueInfo... queues) {
		Health bounds = new Health((maxAge != null) ? Duration.ofSeconds(maxAge) : null, maxDepth,
				BacklogStatus.BACKLOG, own);
		return new Backlogs(bounds, new ServedQueues(Set.of("mail", "reports", "other"))).above(List.of(queues), NOW);
	}

}
