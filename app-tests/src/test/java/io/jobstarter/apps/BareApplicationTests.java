package io.jobstarter.apps;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that excludes every dependency of the starter which it can do without.
 */
class BareApplicationTests {

	@Test
	void runsJobsWithoutActuatorMicrometerResilience4jJpaAndTheWeb() throws Exception {
		String output = ChildJvm.run(Bare.class, "(spring-boot-starter-)?spring-boot-actuator.*",
				"micrometer-(core|jakarta9).*", "resilience4j-.*", "spring-data-.*", "spring-orm.*", "hibernate-.*",
				"jakarta\\.persistence.*", "spring-web.*", "tomcat-.*", "commons-dbcp2.*", "liquibase-.*",
				"spring-boot-devtools.*", "(spring-)?r2dbc-.*", "postgresql-.*", "flyway-database-.*");
		assertThat(output).contains("greeted [you]");
	}

	/**
	 * The application.
	 */
	static final class Bare {

		private Bare() {
		}

		public static void main(String[] args) {
			ChildJvm.exitAfter(() -> {
				for (String missing : new String[] { "org.springframework.boot.actuate.health.Health",
						"io.micrometer.core.instrument.MeterRegistry", "io.github.resilience4j.retry.Retry" }) {
					assertThat(ClassUtils.isPresent(missing, null)).as(missing).isFalse();
				}
				try (ConfigurableApplicationContext context = SpringApplication.run(PlainApplication.class,
						"--spring.autoconfigure.exclude=", "--spring.datasource.url=" + App.h2())) {
					Greetings.assertRunsJobs(context);
					System.out.println("greeted " + context.getBean(Greetings.class).greeted());
				}
			});
		}

	}

}
