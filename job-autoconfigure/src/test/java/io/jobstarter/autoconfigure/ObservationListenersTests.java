package io.jobstarter.autoconfigure;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ObservationListeners}.
 */
class ObservationListenersTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
					SimpleMetricsExportAutoConfiguration.class, ObservationAutoConfiguration.class));

	@Test
	void hearsOfMetersOnlyWhereSpringBootHasSetUpNothingElse() {
		assertMetersOnly(this.application, true);
	}

	@Test
	void seesAHandler() {
		assertMetersOnly(this.application.withBean("handler", ObservationHandler.class, EveryHandler::new), false);
	}

	@Test
	void seesASettingOfObservations() {
		assertMetersOnly(this.application.withPropertyValues("management.observations.key-values.region=eu"), false);
	}

	@Test
	void trustsNoRegistryOfTheApplicationWhichMayHaveHandlersOfItsOwn() {
		assertMetersOnly(this.application.withBean("registry", ObservationRegistry.class, () -> {
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig().observationHandler(new EveryHandler());
			return registry;
		}), false);
	}

	private static void assertMetersOnly(ApplicationContextRunner application, boolean metersOnly) {
		application.run((context) -> {
			GenericApplicationContext source = (GenericApplicationContext) context.getSourceApplicationContext();
			assertThat(new ObservationListeners(source.getBeanFactory(), source.getEnvironment()).areMetersOnly())
				.isEqualTo(metersOnly);
		});
	}

	/**
	 * Hears of everything.
	 */
	private static final class EveryHandler implements ObservationHandler<Observation.Context> {

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
