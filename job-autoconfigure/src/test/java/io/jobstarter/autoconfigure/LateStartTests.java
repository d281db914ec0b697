package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobClient;
import io.jobstarter.JobDatabaseUnavailableException;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.actuate.BackgroundJobActuatorAutoConfiguration;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.worker.JobWorker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of applications that start while the database of their jobs is down.
 */
@ExtendWith(OutputCaptureExtension.class)
class LateStartTests {

	private static EmbeddedPostgres server;

	@BeforeAll
	static void startServer() {
		server = EmbeddedPostgres.start();
	}

	@AfterAll
	static void closeServer() {
		server.close();
	}

	@Test
	void twoNodesStartWithoutTheDatabaseAndBothWorkOnceItIsThere(CapturedOutput output) {
		String url = server.createDatabase();
		server.stop();
		waiting(withADatabaseOfItsOwn(url)).run((one) -> waiting(Contexts.onPostgres(url)).run((two) -> {
			assertThatNodeWaits(one);
			assertThatNodeWaits(two);
			assertThatATransactionOfAnotherDatabaseIsToldAtOnce(one);
			assertThat(output).contains("This node waits for the database of background jobs");
			assertThat(one.getBean(StartReporter.class).isRunning()).isFalse();
			server.restart();
			awaitStatus(one, Status.UP);
			awaitStatus(two, Status.UP);
			assertThatJobsRun(one, two);
			assertThat(health(one).getDetails()).doesNotContainKey("waitingFor");
			assertThat(one.getBean(StartReporter.class).isRunning()).isTrue();
		}));
	}

	@Test
	void stopsWhileItWaits() {
		waiting(Contexts.onPostgres("jdbc:postgresql://localhost:1/shop")).run((context) -> {
			assertThatNodeWaits(context);
			context.getSourceApplicationContext().close();
			await().until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("background-jobs-start")));
		});
	}

	@Test
	void waitsForTablesThatSomebodyElseMakes() {
		String url = server.createDatabase();
		server.stop();
		waiting(Contexts.onPostgres(url)).withPropertyValues("background-jobs.schema.initialize=never")
			.run((context) -> {
				assertThatNodeWaits(context);
				server.restart();
				await().until(() -> String.valueOf(health(context).getDetails().get("waitingFor")),
						(text) -> text.contains("lacks tables"));
				// The way in which a deployment would run the scripts.
				Contexts.onPostgres(url).run((migrated) -> assertThat(migrated).hasNotFailed());
				awaitStatus(context, Status.UP);
			});
	}

	@Test
	void failsWhereNobodyKnowsWhichDatabaseItIs() {
		waiting(Contexts.onH2())
			.withBean(DataSource.class, () -> new DriverManagerDataSource("jdbc:postgresql://localhost:1/shop"))
			.run((context) -> assertThat(context).hasFailed().getFailure().rootCause().hasMessageContaining("refused"));
	}

	private static ApplicationContextRunner waiting(ApplicationContextRunner runner) {
		return runner.withUserConfiguration(Greetings.class)
			.withConfiguration(AutoConfigurations.of(BackgroundJobActuatorAutoConfiguration.class))
			.withPropertyValues("background-jobs.start=wait");
	}

	private static ApplicationContextRunner withADatabaseOfItsOwn(String url) {
		return Contexts.onH2()
			.withUserConfiguration(TwoDatabases.class)
			.withPropertyValues("jobs.url=" + url, "spring.datasource.url=jdbc:h2:mem:late-start");
	}

	private static void assertThatNodeWaits(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(JobWorker.class).isRunning()).isFalse();
		assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
		assertThat(health(context).getDetails()).containsEntry("waitingFor",
				"The database has not been reachable since this node started");
		assertThatExceptionOfType(JobDatabaseUnavailableException.class)
			.isThrownBy(() -> context.getBean(JobClient.class).enqueue(new Greet("nobody")))
			.withMessageContaining("The job was not enqueued");
	}

	private static void assertThatATransactionOfAnotherDatabaseIsToldAtOnce(ApplicationContext context) {
		TransactionTemplate transaction = new TransactionTemplate(
				context.getBean("transactionManager", PlatformTransactionManager.class));
		assertThatExceptionOfType(JobDatabaseUnavailableException.class).isThrownBy(
				() -> transaction.execute((status) -> context.getBean(JobClient.class).enqueue(new Greet("nobody"))));
	}

	// On whichever node.
	private static void assertThatJobsRun(ApplicationContext one, ApplicationContext two) {
		one.getBean(JobClient.class).enqueue(new Greet("one"));
		two.getBean(JobClient.class).enqueue(new Greet("two"));
		await().untilAsserted(() -> assertThat(
				Stream.of(one, two).flatMap((context) -> context.getBean(Greetings.class).greeted().stream()))
			.containsExactlyInAnyOrder("one", "two"));
	}

	private static void awaitStatus(ApplicationContext context, Status status) {
		await().atMost(Duration.ofSeconds(30)).until(() -> health(context).getStatus(), status::equals);
	}

	private static Health health(ApplicationContext context) {
		return context.getBean(HealthIndicator.class).health();
	}

	/**
	 * An application whose jobs have a database of their own.
	 */
	@Configuration(proxyBeanMethods = false)
	static class TwoDatabases {

		@Bean
		@Primary
		DataSource dataSource(@Value("${spring.datasource.url}") String url) {
			return DataSourceBuilder.create().type(HikariDataSource.class).url(url).build();
		}

		@Bean
		@Primary
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		@BackgroundJobDataSource
		DataSource jobs(@Value("${jobs.url}") String url) {
			HikariDataSource jobs = DataSourceBuilder.create()
				.type(HikariDataSource.class)
				.url(url)
				.username("postgres")
				.password("postgres")
				.build();
			jobs.setMinimumIdle(0);
			return jobs;
		}

		@Bean
		PlatformTransactionManager jobTransactions(@BackgroundJobDataSource DataSource jobs) {
			return new JdbcTransactionManager(jobs);
		}

	}

}
