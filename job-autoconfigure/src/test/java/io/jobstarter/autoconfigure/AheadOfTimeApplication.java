package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.RetryOn;
import io.jobstarter.autoconfigure.actuate.BackgroundJobActuatorAutoConfiguration;
import io.jobstarter.autoconfigure.actuate.BackgroundJobMetricsAutoConfiguration;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.transaction.annotation.Transactional;

/**
 * An application with every way to declare a handler.
 */
@Configuration
@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class,
		DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
		JdbcTemplateAutoConfiguration.class, EndpointAutoConfiguration.class, HealthContributorAutoConfiguration.class,
		HealthEndpointAutoConfiguration.class, MetricsAutoConfiguration.class,
		SimpleMetricsExportAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
		ObservationAutoConfiguration.class, FlywayBackOffAutoConfiguration.class, BackgroundJobAutoConfiguration.class,
		BackgroundJobActuatorAutoConfiguration.class, BackgroundJobMetricsAutoConfiguration.class })
@Import({ Greetings.class, AheadOfTimeApplication.Proxied.class, AheadOfTimeApplication.Scoped.class })
class AheadOfTimeApplication {

	@Bean
	Seen seen() {
		return new Seen(new CopyOnWriteArrayList<>());
	}

	@Bean
	@BackgroundJob(queue = "${lambda.queue}")
	@RetryOn(value = IllegalStateException.class, maxAttempts = 2, delay = "1ms")
	JobHandler<Wave> wave(Seen seen) {
		return (wave, attempt) -> {
			if (attempt.number() == 1) {
				throw new IllegalStateException("Only @RetryOn of the bean method says to try again at once");
			}
			seen.add("lambda in " + attempt.queue());
		};
	}

	record Seen(List<String> handlers) {

		void add(String handler) {
			this.handlers.add(handler);
		}

	}

	record Wave(String to) {
	}

	record Bow(String to) {
	}

	record Nod(String to) {
	}

	/**
	 * Has a method that is called through a proxy of the class.
	 */
	static class Proxied {

		private final Seen seen;

		Proxied(Seen seen) {
			this.seen = seen;
		}

		@Transactional
		@BackgroundJob(transactional = true)
		public void bow(Bow bow) {
			this.seen.add("proxied");
		}

		static boolean isProxy(Object bean) {
			return AopUtils.isCglibProxy(bean);
		}

	}

	/**
	 * Is made anew for each job.
	 */
	@BackgroundJob
	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class Scoped implements JobHandler<Nod> {

		private final Seen seen;

		Scoped(Seen seen) {
			this.seen = seen;
		}

		@Override
		public void handle(Nod nod, JobAttempt attempt) {
			this.seen.add("scoped");
		}

	}

}
