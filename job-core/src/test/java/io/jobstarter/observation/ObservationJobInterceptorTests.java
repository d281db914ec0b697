package io.jobstarter.observation;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobId;
import io.jobstarter.JobInterceptor.Invocation;
import io.jobstarter.execution.AttemptContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests that observing an attempt changes nothing about it.
 */
class ObservationJobInterceptorTests {

	private final JobAttempt attempt = new AttemptContext(new AttemptContext.Facts(new JobId(1), "greet", "default", 1,
			Instant.EPOCH, Instant.EPOCH, Map.of(), List.of(), "key"));

	private final ObservationRegistry registry = ObservationRegistry.create();

	@Test
	void whatAHandlerThrewIsNotLostWhereNobodyCanLookAtIt() {
		this.registry.observationConfig().observationHandler(new Failing());
		IOException error = new IOException("no route");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> observe(() -> {
			throw error;
		})).isSameAs(error);
	}

	@Test
	void aSuccessStaysOne() {
		this.registry.observationConfig().observationHandler(new Failing());
		assertThatNoException().isThrownBy(() -> observe(() -> {
		}));
	}

	private void observe(Invocation body) throws Exception {
		new ObservationJobInterceptor(this.registry, UnaryOperator.identity()).around(this.attempt, body);
	}

	/**
	 * Cannot look at errors, or end anything.
	 */
	private static final class Failing implements ObservationHandler<Observation.Context> {

		@Override
		public void onError(Observation.Context context) {
			throw new IllegalStateException();
		}

		@Override
		public void onStop(Observation.Context context) {
			throw new IllegalStateException();
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
