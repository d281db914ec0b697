package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.handler.HandlerRegistry;
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

	private final AtomicLong historyFailures = new AtomicLong();

	private final JobMeters meters = new JobMeters(this.registry, Definitions.registry("greet"),
			new QueueTags(Set.of("default", "tenant-eu*")), this.historyFailures::get);

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
	void countsWhatBecameOfRetriesAndOfWhatWasPutOff() {
		this.meters.hear(settled(new JobOutcome.Succeeded()));
		this.meters
			.hear(new JobEvent.Settled(ID, "greet", "default", 3, new JobOutcome.Succeeded(), Duration.ofSeconds(1)));
		this.meters.hear(settled(new JobOutcome.Snoozed(new DueTime.In(Duration.ofSeconds(1)))));
		assertThat(count("retries.succeeded")).isEqualTo(1);
		assertThat(count("snoozed")).isEqualTo(1);
	}

	@Test
	void isThereAtZeroBeforeAnythingHappens() {
		this.meters.bindTo(this.registry);
		assertThat(List.of("enqueued", "enqueue.failed", "retries", "retries.succeeded", "snoozed", "lease.lost",
				"recovered"))
			.allSatisfy((name) -> assertThat(count(name)).isZero());
		assertThat(List.of("exhausted", "unreadable", "crash"))
			.allSatisfy((reason) -> assertThat(dead(reason)).isZero());
		assertThat(this.registry.get("background.jobs.wait").timer().count()).isZero();
		assertThat(this.registry.get("background.jobs.execution").tag("outcome", "succeeded").timer().count()).isZero();
		assertThat(this.registry.get("background.jobs.history.failed").functionCounter().count()).isZero();
		this.historyFailures.set(2);
		assertThat(this.registry.get("background.jobs.history.failed").functionCounter().count()).isEqualTo(2);
	}

	@Test
	void makesNoMeterOfWhatCallersAndRowsName() {
		for (int i = 0; i < 1000; i++) {
			this.meters.hear(new JobEvent.Enqueued(new JobId(i), "greet", "tenant-" + i));
			this.meters.hear(new JobEvent.Recovered(new JobId(i), "job-" + i, "default", 1, false));
		}
		this.meters.hear(new JobEvent.Enqueued(ID, "greet", "tenant-eu-1"));
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.extracting((id) -> id.getTag("job.name") + " in " + id.getTag("queue"))
			.containsOnly("greet in other", "other in default", "greet in tenant-eu*");
	}

	@Test
	void registersOnlySomeOfThousandsOfHandlersAhead() {
		String[] names = IntStream.range(0, 2_000).mapToObj((number) -> "job-" + number).toArray(String[]::new);
		HandlerRegistry many = Definitions.registry(names);
		JobMeters meters = new JobMeters(this.registry, many, new QueueTags(Set.of("default")), () -> 0);
		meters.bindTo(this.registry);
		assertThat(this.registry.find("background.jobs.enqueued").counters()).hasSize(JobMeters.MOST_REGISTERED);
		meters.hear(new JobEvent.Enqueued(ID, "job-1999", "default"));
		assertThat(this.registry.get("background.jobs.enqueued").tag("job.name", "job-1999").counter().count())
			.isEqualTo(1);
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

	private static JobEvent settled(JobOutcome outcome) {
		return new JobEvent.Settled(ID, "greet", "default", 1, outcome, Duration.ofMillis(5));
	}

}
