package io.jobstarter.autoconfigure;

import java.util.Map;
import java.util.function.BiConsumer;

import io.jobstarter.JobContextPropagator;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.context.LocalePropagator;
import io.jobstarter.context.MdcLogFields;
import io.jobstarter.context.MdcPropagator;
import io.jobstarter.context.TracePropagator;
import io.jobstarter.support.JobLogFields;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What jobs take along from the thread that enqueues them. The security context stays
 * behind: a job that acts for somebody says so in its payload.
 */
@Configuration(proxyBeanMethods = false)
class ContextConfiguration {

	@Bean
	ContextPropagation backgroundJobContext(ObjectProvider<JobContextPropagator> propagators,
			ObjectProvider<JobLogFields> logFields) {
		return new ContextPropagation(propagators.orderedStream().toList(),
				logFields.getIfAvailable(() -> JobLogFields.NONE));
	}

	@Bean
	@ConditionalOnMissingBean(LocalePropagator.class)
	JobContextPropagator backgroundJobLocale(BackgroundJobProperties properties) {
		return properties.context().locale() ? new LocalePropagator() : new SwitchedOff();
	}

	/**
	 * Takes nothing along. There is one in place of each propagator that is switched off:
	 * a condition would be decided when an application is processed ahead of time.
	 */
	private static final class SwitchedOff implements JobContextPropagator {

		@Override
		public void capture(BiConsumer<String, @Nullable String> headers) {
		}

		@Override
		public Scope restore(Map<String, String> headers) {
			return Scope.NONE;
		}

	}

	/**
	 * Also without keys: it clears what handlers leave in the MDC.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.slf4j.MDC")
	static class MdcConfiguration {

		@Bean
		@ConditionalOnMissingBean
		MdcPropagator backgroundJobMdc(BackgroundJobProperties properties) {
			return new MdcPropagator(properties.context().mdcKeys());
		}

		@Bean
		@ConditionalOnMissingBean
		JobLogFields backgroundJobLogFields(BackgroundJobProperties properties) {
			return properties.log().mdc() ? new MdcLogFields() : JobLogFields.NONE;
		}

	}

	/**
	 * For tracing that the application has set up.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Propagator.class)
	static class TraceConfiguration {

		@Bean
		@ConditionalOnMissingBean(TracePropagator.class)
		JobContextPropagator backgroundJobTrace(BackgroundJobProperties properties, ObjectProvider<Tracer> tracer,
				ObjectProvider<Propagator> propagator) {
			if (!properties.context().trace()) {
				return new SwitchedOff();
			}
			return new TracePropagator(tracer.getIfUnique(() -> Tracer.NOOP),
					propagator.getIfUnique(() -> Propagator.NOOP));
		}

	}

}
