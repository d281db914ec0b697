package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.QueuePriority;
import io.jobstarter.ServedQueue;
import io.jobstarter.WorkerDeclaration;
import io.jobstarter.WorkerInfo;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.store.MetricsStore.FleetReading;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link FleetMeters}.
 */
class FleetMetersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final Instant now = Instant.parse("2030-01-01T00:00:00Z");

	private final AtomicReference<@Nullable FleetReading> fleet = new AtomicReference<>(new FleetReading(
			List.of(queue("default", 4, 90, true), queue("tenant-eu-1", 1, 20, false),
					queue("tenant-eu-2", 2, 30, false), queue("tenant-us-1", 7, 99, false)),
			Map.of("smtp", 2L, "smtp:a", 3L, "smtps", 4L), Set.of("smtp:a"),
			List.of(worker(1, "default"), worker(2, "default", "tenant-eu*"))));

	private @Nullable Map<String, Long> letters = Map.of("job-smtp", 3L, "gone", 4L, "forgotten", 1L);

	FleetMetersTests() {
		new FleetMeters(this.fleet::get, () -> this.letters, new QueueTags(Set.of("default", "tenant-eu*")),
				Definitions.withBreakers("smtp", "crm"), InstantSource.fixed(this.now))
			.bindTo(this.registry);
	}

	@Test
	void showsHowDeepAQueueIsAndForHowLongItsOldestJobHasWaited() {
		assertThat(value("queue.depth", "queue", "default", "state", "ready")).isEqualTo(4);
		assertThat(value("queue.depth", "queue", "default", "state", "blocked")).isZero();
		assertThat(value("queue.oldest", "queue", "default")).isEqualTo(90);
	}

	@Test
	void showsForHowLongAJobHasBeenDueThatOthersOvertake() {
		assertThat(value("queue.overtaken", "queue", "default")).isZero();
		this.fleet
			.set(new FleetReading(
					List.of(new QueueInfo("default", Map.of(), null, null, null, null, null, Set.of(), null,
							List.of(new QueuePriority(5, this.now.minusSeconds(3)),
									new QueuePriority(0, this.now.minusSeconds(40)),
									new QueuePriority(-1, this.now.minusSeconds(20)),
									new QueuePriority(-2, this.now.minusSeconds(60))))),
					Map.of(), Set.of(), List.of()));
		assertThat(value("queue.overtaken", "queue", "default")).isEqualTo(60);
	}

	@Test
	void showsTheQueuesOfAWildcardTogether() {
		assertThat(value("queue.depth", "queue", "tenant-eu*", "state", "ready")).isEqualTo(3);
		assertThat(value("queue.oldest", "queue", "tenant-eu*")).isEqualTo(30);
	}

	@Test
	void showsWhoServesAQueueAndWhetherItIsPaused() {
		assertThat(value("queue.paused", "queue", "default")).isEqualTo(1);
		assertThat(value("queue.paused", "queue", "tenant-eu*")).isZero();
		assertThat(value("queue.workers", "queue", "default")).isEqualTo(2);
		assertThat(value("queue.workers", "queue", "tenant-eu*")).isEqualTo(1);
		assertThat(value("workers")).isEqualTo(2);
	}

	@Test
	void addsUpTheKeysOfACircuitBreaker() {
		assertThat(value("parked", "breaker", "smtp")).isEqualTo(5);
		assertThat(value("parked", "breaker", "crm")).isZero();
		assertThat(value("breaker.open", "breaker", "smtp")).isEqualTo(1);
		assertThat(value("breaker.open", "breaker", "crm")).isZero();
	}

	@Test
	void showsOpenDeadLettersOfOthersTogether() {
		assertThat(value("dead.unresolved", "job.name", "job-smtp")).isEqualTo(3);
		assertThat(value("dead.unresolved", "job.name", "job-crm")).isZero();
		assertThat(value("dead.unresolved", "job.name", "other")).isEqualTo(5);
	}

	@Test
	void showsNothingWhereNothingIsKnown() {
		this.fleet.set(null);
		this.letters = null;
		assertThat(this.registry.getMeters()).isNotEmpty()
			.allSatisfy((meter) -> assertThat(meter.measure().iterator().next().getValue()).isNaN());
	}

	private double value(String meter, String... tags) {
		return this.registry.get("background.jobs." + meter).tags(tags).gauge().value();
	}

	private QueueInfo queue(String name, long ready, int seconds, boolean paused) {
		return new QueueInfo(name, Map.of(JobState.READY, ready), this.now.minusSeconds(seconds),
				paused ? this.now : null, null, null, null);
	}

	private WorkerInfo worker(long id, String... queues) {
		List<ServedQueue> served = List.of(queues).stream().map((queue) -> new ServedQueue(queue, 5, 1)).toList();
		return new WorkerInfo(id, "host", 1, this.now, this.now, this.now, false, false, true, null,
				new WorkerDeclaration(served, false, 5), null);
	}

}
