package io.jobstarter.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link EnqueueObservations}.
 */
class EnqueueObservationsTests {

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final EnqueueObservations observations = new EnqueueObservations(this.registry,
			(queue) -> queue.startsWith("tenant-") ? "tenant-*" : queue);

	@Test
	void oneJobIsNamed() {
		Ended ended = new Ended();
		this.registry.observationConfig().observationHandler(ended);
		Enqueued result = this.observations.observe("mail", (enqueuing) -> {
			enqueuing.add("mail", "tenant-7");
			assertThat(this.registry.getCurrentObservation()).isNotNull();
			enqueuing.added(new Enqueued(new JobId(42), false));
			return new Enqueued(new JobId(42), false);
		});
		assertThat(result.id()).isEqualTo(new JobId(42));
		assertThat(this.registry.getCurrentObservation()).isNull();
		Observation.Context context = ended.contexts.get(0);
		assertThat(context.getName()).isEqualTo("background.jobs.enqueue");
		assertThat(context.getContextualName()).isEqualTo("enqueue mail");
		assertThat(((SenderContext<?>) context).getKind()).isEqualTo(Kind.PRODUCER);
		assertThat(context.getLowCardinalityKeyValues()).containsExactly(KeyValue.of("job.name", "mail"),
				KeyValue.of("queue", "tenant-*"));
		assertThat(context.getHighCardinalityKeyValues()).containsExactly(KeyValue.of("job.count", "1"),
				KeyValue.of("job.id", "42"));
	}

	@Test
	void manyJobsAreOne() {
		Ended ended = new Ended();
		this.registry.observationConfig().observationHandler(ended);
		this.observations.observe(null, (enqueuing) -> {
			for (int i = 0; i < 1_000; i++) {
				enqueuing.add("mail", "mailers");
			}
			return true;
		});
		this.observations.observe(null, (enqueuing) -> {
			enqueuing.add("mail", "mailers");
			enqueuing.add("report", "reports");
			return true;
		});
		assertThat(ended.contexts).extracting(Observation.Context::getContextualName)
			.containsExactly("enqueue mail", "enqueue jobs");
		assertThat(ended.contexts.get(0).getHighCardinalityKeyValue("job.count").getValue()).isEqualTo("1000");
		assertThat(ended.contexts.get(1).getLowCardinalityKeyValues())
			.containsExactly(KeyValue.of("job.name", "several"), KeyValue.of("queue", "several"));
	}

	@Test
	void tellsWhatWentWrong() {
		Ended ended = new Ended();
		this.registry.observationConfig().observationHandler(ended);
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.observations.observe("mail", (e) -> {
				throw new IllegalStateException("full");
			}))
			.withMessage("full");
		assertThat(ended.contexts).singleElement().satisfies((context) -> {
			assertThat(context.getError()).hasMessage("full");
			assertThat(context.getLowCardinalityKeyValue("job.name").getValue()).isEqualTo("mail");
		});
	}

	@Test
	void nothingThatAHandlerThrowsReachesTheCaller() {
		for (Failing failing : List.of(new Failing("start"), new Failing("scope"), new Failing("close"),
				new Failing("error"), new Failing("stop"))) {
			ObservationRegistry broken = ObservationRegistry.create();
			broken.observationConfig().observationHandler(failing);
			EnqueueObservations observations = new EnqueueObservations(broken, UnaryOperator.identity());
			assertThat(observations.<Integer>observe("mail", (enqueuing) -> 7)).isEqualTo(7);
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> observations.observe("mail", (enqueuing) -> {
					throw new IllegalArgumentException();
				}));
			assertThat(broken.getCurrentObservationScope()).isNull();
		}
	}

	@Test
	void nothingIsMadeWhereNobodyObserves() {
		assertThat(this.observations.<Enqueuing>observe("mail", (enqueuing) -> enqueuing))
			.isSameAs(Enqueuing.UNOBSERVED);
		this.registry.observationConfig()
			.observationHandler(new Ended())
			.observationPredicate((name, context) -> false);
		assertThat(this.observations.<Enqueuing>observe("mail", (enqueuing) -> enqueuing))
			.isSameAs(Enqueuing.UNOBSERVED);
	}

	private static final class Ended implements ObservationHandler<Observation.Context> {

		private final List<Observation.Context> contexts = new ArrayList<>();

		@Override
		public void onStop(Observation.Context context) {
			this.contexts.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	private record Failing(String when) implements ObservationHandler<Observation.Context> {

		@Override
		public void onStart(Observation.Context context) {
			fail("start");
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			fail("scope");
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			fail("close");
		}

		@Override
		public void onError(Observation.Context context) {
			fail("error");
		}

		@Override
		public void onStop(Observation.Context context) {
			fail("stop");
		}

		private void fail(@Nullable String now) {
			if (this.when.equals(now)) {
				throw new IllegalStateException("broken handler");
			}
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
