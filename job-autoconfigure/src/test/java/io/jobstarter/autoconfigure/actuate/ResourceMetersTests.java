package io.jobstarter.autoconfigure.actuate;

import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobInterceptor.Invocation;
import io.jobstarter.autoconfigure.QueueTags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of {@link ResourceMeters}.
 */
class ResourceMetersTests {

	private static final int MEGABYTE = 1 << 20;

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final ResourceMeters meters = new ResourceMeters(this.registry, Set.of("greet"),
			new QueueTags(Set.of("default")));

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
	@EnabledForJreRange(min = JRE.JAVA_21)
	void recordsNothingInVirtualThreads() throws Exception {
		Thread thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class)
			.invoke(null, (Runnable) this::attemptOfNothing);
		thread.join();
		assertThat(this.allocated).hasSize(1);
		assertThat(this.registry.getMeters()).isEmpty();
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
