package io.jobstarter.autoconfigure.actuate;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.autoconfigure.QueueTags;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link JobMeters}.
 */
class JobMetersTests {

	private static final JobId ID = new JobId(7);

	private static final JobFailure FAILURE = new JobFailure("x.Y", "no", "at x.Y");

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final AtomicInteger reads = new AtomicInteger();

	private final Instant now = Instant.parse("2030-01-01T00:00:00Z");

	private RuntimeException failure;

	private final JobMeters meters = new JobMeters(this.registry, Set.of("greet"), Set.of("default", "tenant-eu*"),
			new CachedQueueDepths(operations(), new QueueTags(Set.of("default", "tenant-eu*")),
					InstantSource.fixed(this.now)));

	@Test
	void countsWhatHappens() {
		this.meters.hear(new JobEvent.Enqueued(ID, "greet", "default"));
		this.meters.hear(new JobEvent.Started(ID, "greet", "default", 1, Duration.ofSeconds(3)));
		this.meters.hear(settled(new JobOutcome.Retried(FAILURE, Duration.ofSeconds(1), "")));
		this.meters.hear(settled(new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE)));
		this.meters.hear(settled(new JobOutcome.Succeeded()));
		this.meters.hear(new JobEvent.LeaseLost(ID, "greet", "default", 1));
		this.meters.hear(new JobEvent.Recovered(ID, "greet", "default", 1, false));
		this.meters.hear(new JobEvent.Recovered(ID, "greet", "default", 3, true));
		assertThat(count("enqueued")).isEqualTo(1);
		assertThat(count("retries")).isEqualTo(1);
		assertThat(dead("exhausted")).isEqualTo(1);
		assertThat(dead("crash")).isEqualTo(1);
		assertThat(count("lease.lost")).isEqualTo(1);
		assertThat(count("recovered")).isEqualTo(2);
		assertThat(this.registry.get("background.jobs.wait")
			.tags("job.name", "greet", "queue", "default")
			.timer()
			.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
	}

	@Test
	void makesNoMeterOfWhatCallersAndRowsName() {
		for (int i = 0; i < 1000; i++) {
			this.meters.hear(new JobEvent.Enqueued(new JobId(i), "greet", "tenant-" + i));
			this.meters.hear(new JobEvent.Recovered(new JobId(i), "job-" + i, "default", 1, false));
		}
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.extracting((id) -> id.getTag("job.name") + " in " + id.getTag("queue"))
			.containsExactlyInAnyOrder("greet in other", "other in default");
	}

	@Test
	void showsHowDeepAQueueIsAndForHowLongItsOldestJobHasWaited() {
		this.meters.bindTo(this.registry);
		assertThat(depth("ready")).isEqualTo(4);
		assertThat(depth("blocked")).isZero();
		assertThat(this.registry.get("background.jobs.queue.oldest").tag("queue", "default").gauge().value())
			.isEqualTo(90);
	}

	@Test
	void showsTheQueuesOfAWildcardTogether() {
		this.meters.bindTo(this.registry);
		assertThat(this.registry.get("background.jobs.queue.depth")
			.tags("queue", "tenant-eu*", "state", "ready")
			.gauge()
			.value()).isEqualTo(3);
		assertThat(this.registry.get("background.jobs.queue.oldest").tag("queue", "tenant-eu*").gauge().value())
			.isEqualTo(30);
		this.meters.hear(new JobEvent.Enqueued(ID, "greet", "tenant-eu-1"));
		this.meters.hear(new JobEvent.Enqueued(ID, "greet", "tenant-eu-2"));
		assertThat(this.registry.get("background.jobs.enqueued").tag("queue", "tenant-eu*").counter().count())
			.isEqualTo(2);
	}

	@Test
	void readsTheQueuesOnceForAScrape() {
		this.meters.bindTo(this.registry);
		this.registry.getMeters().forEach((meter) -> meter.measure().forEach((measurement) -> measurement.getValue()));
		assertThat(this.registry.getMeters()).hasSize(10);
		assertThat(this.reads).hasValue(1);
	}

	@Test
	void showsNothingWhereTheQueuesCannotBeRead() {
		this.failure = new IllegalStateException("the database is gone");
		this.meters.bindTo(this.registry);
		assertThat(depth("ready")).isNaN();
		assertThat(depth("running")).isNaN();
		assertThat(this.reads).hasValue(1);
	}

	@Test
	void countsWhatBecameOfRetriesAndOfWhatWasPutOff() {
		this.meters.hear(settled(new JobOutcome.Succeeded()));
		this.meters
			.hear(new JobEvent.Settled(ID, "greet", "default", 3, new JobOutcome.Succeeded(), Duration.ofSeconds(1)));
		this.meters.hear(settled(new JobOutcome.Snoozed(new DueTime.In(Duration.ofSeconds(1)))));
		assertThat(count("retries.succeeded")).isEqualTo(1);
		assertThat(count("snoozed")).isEqualTo(1);
	}

	private double dead(String reason) {
		return this.registry.get("background.jobs.dead")
			.tags("job.name", "greet", "queue", "default", "reason", reason)
			.counter()
			.count();
	}

	private double count(String name) {
		return this.registry.get("background.jobs." + name)
			.tags("job.name", "greet", "queue", "default")
			.counter()
			.count();
	}

	private double depth(String state) {
		return this.registry.get("background.jobs.queue.depth")
			.tags("queue", "default", "state", state)
			.gauge()
			.value();
	}

	private static JobEvent settled(JobOutcome outcome) {
		return new JobEvent.Settled(ID, "greet", "default", 1, outcome, Duration.ofMillis(5));
	}

	private QueueInfo tenant(String name, long ready, int seconds) {
		return new QueueInfo(name, Map.of(JobState.READY, ready), this.now.minusSeconds(seconds), null, null, null,
				null);
	}

	private JobOperations operations() {
		return (JobOperations) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { JobOperations.class }, (proxy, method, arguments) -> {
					assertThat(method.getName()).isEqualTo("queues");
					this.reads.incrementAndGet();
					if (this.failure != null) {
						throw this.failure;
					}
					return List.of(
							new QueueInfo("default", Map.of(JobState.READY, 4L), this.now.minusSeconds(90), null, null,
									null, null),
							tenant("tenant-eu-1", 1, 20), tenant("tenant-eu-2", 2, 30), tenant("tenant-us-1", 7, 99));
				});
	}

}
