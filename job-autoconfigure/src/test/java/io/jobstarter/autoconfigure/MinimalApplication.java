package io.jobstarter.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.Greetings.Greet;
import org.h2.jdbcx.JdbcDataSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.ClassUtils;

import static org.awaitility.Awaitility.await;

/**
 * An application that uses nothing which it need not have.
 */
final class MinimalApplication {

	private MinimalApplication() {
	}

	static ConfigurableApplicationContext start() {
		String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
		List<String> properties = new ArrayList<>(List.of(Contexts.IN_A_HURRY));
		properties
			.addAll(List.of("spring.main.banner-mode=off", "spring.datasource.url=" + url, "logging.level.root=error"));
		if (!ClassUtils.isPresent("org.flywaydb.core.Flyway", MinimalApplication.class.getClassLoader())) {
			createTables(url);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.logStartupInfo(false)
			.properties(properties.toArray(String[]::new))
			.run();
	}

	static List<String> greet(ApplicationContext context, String name) {
		context.getBean(JobClient.class).enqueue(new Greet(name));
		List<String> greeted = context.getBean(Greetings.class).greeted();
		await().until(() -> !greeted.isEmpty());
		return greeted;
	}

	// What an operator does who uses no Flyway.
	private static void createTables(String url) {
		try {
			for (String script : List.of("V1__job_tables.sql", "V2__queue_concurrency.sql", "V4__circuit_breakers.sql",
					"V5__dead_letters.sql", "V6__redrives.sql", "V7__worker_reports.sql", "V12__recurring_jobs.sql",
					"V13__key_limits.sql", "V14__expiring_keys.sql", "V15__rates.sql", "V17__fleet_concurrency.sql")) {
				String sql = new ClassPathResource("io/jobstarter/store/jdbc/migration/h2/" + script)
					.getContentAsString(StandardCharsets.UTF_8);
				new JdbcTemplate(dataSource(url)).execute(sql.replace("${prefix}", "background_job_"));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// No DriverManager: it knows the drivers of another class loader.
	private static DataSource dataSource(String url) {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setUrl(url);
		dataSource.setUser("sa");
		return dataSource;
	}

	@Configuration(proxyBeanMethods = false)
	// Spring Security is on the class path for the tests that want it.
	@EnableAutoConfiguration(
			excludeName = { "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
					"org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration" })
	@Import(Greetings.class)
	static class Application {

		@Bean
		@ConditionalOnMissingClass("com.zaxxer.hikari.HikariDataSource")
		DataSource dataSource(@Value("${spring.datasource.url}") String url) {
			return MinimalApplication.dataSource(url);
		}

	}

}
