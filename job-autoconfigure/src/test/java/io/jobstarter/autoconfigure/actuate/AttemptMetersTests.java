package io.jobstarter.autoconfigure.actuate;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobInterceptor.Invocation;
import io.jobstarter.JobSnooze;
import io.jobstarter.autoconfigure.QueueTags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of {@link AttemptMeters}.
 */
class AttemptMetersTests {

	private static final int MEGABYTE = 1 << 20;

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final AttemptMeters meters = new AttemptMeters(this.registry, Set.of("greet"),
			new QueueTags(Set.of("default")), true, ThreadResources.find());

	private byte[] allocated = new byte[0];

	@Test
	void recordsWhatAnAttemptTakes() throws Exception {
		this.meters.around(attempt("greet"), () -> this.allocated = new byte[MEGABYTE]);
		assertThat(this.allocated).hasSize(MEGABYTE);
		assertThat(this.registry.get("background.jobs.allocated")
			.tags("job.name", "greet", "queue", "default")
			.summary()
			.totalAmount()).isBetween((double) MEGABYTE, 1.5 * MEGABYTE);
		assertThat(this.registry.get("background.jobs.cpu")
			.tags("job.name", "greet", "queue", "default")
			.timer()
			.totalTime(TimeUnit.NANOSECONDS)).isPositive();
	}

	@Test
	void recordsAttemptsThatFailAndNamesNoJobThatNobodyDeclares() {
		Invocation failing = () -> {
			throw new IllegalStateException("no");
		};
		assertThatIllegalStateException().isThrownBy(() -> this.meters.around(attempt("gone"), failing));
		assertThat(this.registry.get("background.jobs.cpu").tag("job.name", "other").timer().count()).isEqualTo(1);
	}

	@Test
	void timesAttemptsAsTheirObservationWould() throws Exception {
		this.meters.around(attempt("greet"), () -> assertThat(active()).isEqualTo(1));
		assertThat(active()).isZero();
		assertThatExceptionOfType(JobSnooze.class).isThrownBy(() -> this.meters.around(attempt("greet"), () -> {
			throw JobSnooze.until(Instant.EPOCH);
		}));
		assertThat(this.registry.get("background.jobs.execution").timers())
			.extracting((timer) -> timer.getId().getTag("outcome") + " " + timer.getId().getTag("error"))
			.containsExactlyInAnyOrder("succeeded none", "snoozed JobSnooze");
	}

	@Test
	void looksCloselyAtOneOfManyShortAttempts() throws Exception {
		for (int i = 0; i < 50 + 10 * AttemptMeters.ONE_IN; i++) {
			this.meters.around(attempt("greet"), () -> {
			});
		}
		assertThat(this.registry.get("background.jobs.cpu").timer().count()).isBetween(10L, 100L);
		assertThat(this.registry.get("background.jobs.execution").timer().count())
			.isEqualTo(50 + 10 * AttemptMeters.ONE_IN);
	}

	private int active() {
		return this.registry.get("background.jobs.execution.active").longTaskTimer().activeTasks();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void recordsNothingInVirtualThreads() throws Exception {
		Thread thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class)
			.invoke(null, (Runnable) this::attemptOfNothing);
		thread.join();
		assertThat(this.allocated).hasSize(1);
		assertThat(this.registry.find("background.jobs.cpu").timer()).isNull();
		assertThat(this.registry.get("background.jobs.execution").timer().count()).isEqualTo(1);
	}

	private void attemptOfNothing() {
		try {
			this.meters.around(attempt("greet"), () -> this.allocated = new byte[1]);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private JobAttempt attempt(String name) {
		return (JobAttempt) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { JobAttempt.class },
				(proxy, method, arguments) -> method.getName().equals("name") ? name : "default");
	}

}
