package io.jobstarter.autoconfigure;

import io.jobstarter.observation.AttemptTracingHandler;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the spans of background jobs, for tracing that the application
 * has set up.
 */
@AutoConfiguration(
		afterName = { "org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" })
@ConditionalOnClass({ Tracer.class, Propagator.class })
@ConditionalOnBean({ Tracer.class, Propagator.class })
@ConditionalOnProperty(name = "background-jobs.enabled", matchIfMissing = true)
public final class BackgroundJobTracingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	AttemptTracingHandler backgroundJobTracing(Tracer tracer, Propagator propagator) {
		return new AttemptTracingHandler(tracer, propagator);
	}

}
