package io.jobstarter.sample;

import io.jobstarter.testdatabases.EmbeddedPostgres;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Gives an application a PostgreSQL database that no other application has.
 */
public class OwnPostgres implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		EmbeddedPostgres server = EmbeddedPostgres.shared();
		TestPropertyValues
			.of("SAMPLE_DB_URL=" + server.createDatabase(), "SAMPLE_DB_USER=" + server.username(),
					"SAMPLE_DB_PASSWORD=" + server.password())
			.applyTo(context);
	}

}
