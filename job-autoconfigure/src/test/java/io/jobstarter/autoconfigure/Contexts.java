package io.jobstarter.autoconfigure;

import io.jobstarter.autoconfigure.actuate.BackgroundJobActuatorAutoConfiguration;
import io.jobstarter.autoconfigure.actuate.BackgroundJobMetricsAutoConfiguration;
import io.jobstarter.testdatabases.EmbeddedPostgres;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Applications as small as they get, whose workers are in a hurry.
 */
public final class Contexts {

	/** Settings under which what takes seconds takes less. */
	public static final String[] IN_A_HURRY = { "background-jobs.worker.heartbeat=200ms",
			"background-jobs.worker.lease=5s", "background-jobs.worker.poll-interval=50ms",
			"background-jobs.worker.shutdown-timeout=1s" };

	private Contexts() {
	}

	/**
	 * An application on an H2 database in memory of its own.
	 * @return the application, not started
	 */
	public static ApplicationContextRunner onH2() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				FlywayAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
				TransactionAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				FlywayBackOffAutoConfiguration.class, BackgroundJobAutoConfiguration.class))
			.withPropertyValues(IN_A_HURRY);
	}

	/**
	 * An application on an empty PostgreSQL database.
	 * @return the application, not started
	 */
	public static ApplicationContextRunner onPostgres() {
		return onPostgres(EmbeddedPostgres.shared().createDatabase());
	}

	/**
	 * An application on a PostgreSQL database of the shared server.
	 * @param url the database
	 * @return the application, not started
	 */
	public static ApplicationContextRunner onPostgres(String url) {
		return onH2().withPropertyValues("spring.datasource.url=" + url, "spring.datasource.username=postgres",
				"spring.datasource.password=postgres", "spring.datasource.hikari.maximum-pool-size=4",
				"spring.datasource.hikari.minimum-idle=0");
	}

	/**
	 * An application on a MariaDB database of the shared server.
	 * @param url the database
	 * @return the application, not started
	 */
	public static ApplicationContextRunner onMariaDb(String url) {
		return onH2().withPropertyValues("spring.datasource.url=" + url, "spring.datasource.username=root",
				"spring.datasource.password=", "spring.datasource.hikari.maximum-pool-size=4",
				"spring.datasource.hikari.minimum-idle=0");
	}

	/**
	 * An application with everything of Boot's that background jobs could disturb.
	 * @return the application, not started
	 */
	public static ApplicationContextRunner complete() {
		return onH2()
			.withConfiguration(
					AutoConfigurations.of(TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class,
							JacksonAutoConfiguration.class, EndpointAutoConfiguration.class,
							HealthContributorAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
							MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
							CompositeMeterRegistryAutoConfiguration.class, ObservationAutoConfiguration.class,
							BackgroundJobActuatorAutoConfiguration.class, BackgroundJobMetricsAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=*",
					"management.endpoints.jmx.exposure.include=*");
	}

}
