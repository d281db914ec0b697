package io.jobstarter.autoconfigure;

import io.jobstarter.JobContextPropagator;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.context.LocalePropagator;
import io.jobstarter.context.MdcPropagator;
import io.jobstarter.context.TracePropagator;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What jobs take along from the thread that enqueues them. The security context stays
 * behind: a job that acts for somebody says so in its payload.
 */
@Configuration(proxyBeanMethods = false)
class ContextConfiguration {

	@Bean
	ContextPropagation backgroundJobContext(ObjectProvider<JobContextPropagator> propagators) {
		return new ContextPropagation(propagators.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnProperty("background-jobs.context.locale")
	LocalePropagator backgroundJobLocale() {
		return new LocalePropagator();
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

	}

	/**
	 * For tracing that the application has set up.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Propagator.class)
	static class TraceConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnProperty(name = "background-jobs.context.trace", matchIfMissing = true)
		TracePropagator backgroundJobTrace(ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator) {
			return new TracePropagator(tracer.getIfUnique(() -> Tracer.NOOP),
					propagator.getIfUnique(() -> Propagator.NOOP));
		}

	}

}
