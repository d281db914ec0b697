package io.jobstarter.autoconfigure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.jobstarter.JobOperations;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.worker.WorkerSettings;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what a node says of itself at start.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartReportTests {

	private static final String H2 = "--spring.datasource.url=jdbc:h2:mem:";

	@Test
	void saysOnH2WhatThereIs(CapturedOutput output) {
		start(Greeting.class, h2(), "--background-jobs.queues.default.concurrency=3",
				"--background-jobs.queues.slow.weight=4", "--background-jobs.history.retention=36h");
		List<String> lines = lines(output);
		assertThat(lines.get(0))
			.matches("worker \\d+ runs up to 8 at a time in platform threads; 2 queues, weighted: .*")
			.contains("default=3", "slow=5 (weight 4)");
		assertThat(lines.get(1)).isEqualTo("3 handlers: greet (default), linger (slow), refuse (broken)");
		assertThat(lines.get(2)).matches("tables background_job_\\* in H2 2\\S+ .*, complete as of V\\d+ "
				+ "\\(initialize: always\\); history is kept 36h, resolved dead letters 90d");
		assertThat(lines.get(3)).isEqualTo("the engine has up to 4 connections of its own, "
				+ "handlers use the application's pool of 20 connections");
		assertThat(lines.get(4))
			.isEqualTo("wake-up (without NOTIFY in this database) by polling every 1s; lease 30s, heartbeat every 5s");
	}

	@Test
	void saysOnPostgresThatNotificationsArriveAndWhichQueuesArePaused(CapturedOutput output) {
		String[] database = postgres();
		try (ConfigurableApplicationContext before = run(Greeting.class, database)) {
			before.getBean(JobOperations.class).pause("slow", "too slow");
		}
		int first = output.toString().length();
		start(Greeting.class, with(database, "--background-jobs.worker.queue-order=strict",
				"--background-jobs.history.enabled=false", "--background-jobs.schema.initialize=never"));
		List<String> lines = lines(output.toString().substring(first));
		assertThat(lines.get(0)).endsWith("3 queues, strict: default=5, broken=5, slow=5 (paused)");
		assertThat(lines.get(2)).matches("tables background_job_\\* in PostgreSQL \\d+.*, complete as of V\\d+ "
				+ "\\(initialize: never\\); no history is kept, resolved dead letters 90d");
		assertThat(lines.get(4))
			.isEqualTo("wake-up by LISTEN/NOTIFY, and by polling every 1s; lease 30s, heartbeat every 5s");
	}

	@Test
	void claimsNoNotificationsThatHaveNotArrived(CapturedOutput output) {
		start(Greeting.class,
				with(postgres(), "--background-jobs.worker.listen-url=jdbc:postgresql://localhost:1/none"));
		assertThat(lines(output).get(4)).isEqualTo("wake-up (whether LISTEN/NOTIFY works is not known yet) "
				+ "by polling every 1s; lease 30s, heartbeat every 5s");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void saysThatANodeOnlyEnqueues(boolean postgres, CapturedOutput output) {
		start(Greeting.class,
				with(postgres ? postgres() : new String[] { h2() }, "--background-jobs.worker.enabled=false"));
		List<String> lines = lines(output);
		assertThat(lines.get(0)).isEqualTo("this node only enqueues, since background-jobs.worker.enabled is false");
		assertThat(lines.get(1)).startsWith("3 handlers");
		assertThat(lines.get(4))
			.isEqualTo("jobs are announced to other nodes by " + (postgres ? "NOTIFY" : "nothing: they poll"));
	}

	@Test
	void keepsToFiveLinesWithTwoHundredHandlers() {
		try (ConfigurableApplicationContext context = run(Greeting.class, h2())) {
			StartReport.Node one = context.getBean(StartReport.Node.class);
			StartReport.Engine engine = new StartReport.Engine(context.getBean(JdbcStores.class),
					context.getBean(EngineConnections.class), context.getBean(Notifications.class));
			StartReport report = new StartReport(context.getBean(BackgroundJobProperties.class), manyHandlers(), engine,
					new StartReport.Node(one.worker(), withManyQueues(one.settings()), one.threads()));
			assertThat(report.lines()).hasSize(5)
				.allSatisfy((line) -> assertThat(line).hasSizeLessThan(800).doesNotContain("\n"));
			assertThat(report.lines().get(0)).contains("200 queues, weighted: queue-0=5, ").matches(".* and \\d+ more");
			assertThat(report.lines().get(1))
				.startsWith(StartReport.PREFIX + "200 handlers: job-0 (tenant-#{payload.name()}), ")
				.matches(".* and 1\\d\\d more");
		}
	}

	@Test
	void isWrittenAlsoWhereTheDatabaseIsAwayByNow() {
		try (ConfigurableApplicationContext context = run(Greeting.class, h2())) {
			EngineConnections away = EngineConnections.of(new DriverManagerDataSource("jdbc:h2:mem:gone;IFEXISTS=TRUE"),
					context.getBean(BackgroundJobProperties.class).worker());
			JdbcStores stores = JdbcStores.create(context.getBean(DataSource.class), away.dataSource(),
					"background_job_");
			StartReport report = new StartReport(context.getBean(BackgroundJobProperties.class), List.of(),
					new StartReport.Engine(stores, away, context.getBean(Notifications.class)),
					context.getBean(StartReport.Node.class));
			assertThat(report.lines()).hasSize(5);
			assertThat(report.lines().get(2)).contains("in a database that is away now");
		}
	}

	@Test
	void saysThatThereAreNoHandlersAndThatThePoolIsShared(CapturedOutput output) {
		start(OtherPool.class);
		List<String> lines = lines(output);
		assertThat(lines.get(1)).isEqualTo("no handlers");
		assertThat(lines.get(3)).isEqualTo("the engine shares the application's pool");
	}

	@Test
	void tellsNoSecret(CapturedOutput output) {
		start(Greeting.class, h2(), "--spring.datasource.username=chief", "--spring.datasource.password=topsecret");
		assertThat(lines(output))
			.noneMatch((line) -> line.contains("topsecret") || line.contains("chief") || line.contains("jdbc:"));
	}

	private static List<JobDefinition> manyHandlers() {
		return IntStream.range(0, 200)
			.mapToObj((i) -> new JobDefinition("job-" + i, Set.of(), "Handler", null, "tenant-#{payload.name()}", 0,
					null, false, true, List.of(), List.of(), (payload, attempt) -> {
					}))
			.toList();
	}

	private static WorkerSettings withManyQueues(WorkerSettings one) {
		Map<String, QueueSettings> queues = new LinkedHashMap<>();
		IntStream.range(0, 200).forEach((i) -> queues.put("queue-" + i, new QueueSettings(5, 1)));
		return new WorkerSettings(one.lease(), one.heartbeat(), one.pollInterval(), one.shutdownTimeout(), queues,
				one.queueOrder(), 1000, one.warnAfter(), one.history());
	}

	private static String h2() {
		return H2 + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
	}

	private static String[] postgres() {
		return new String[] { "--spring.datasource.url=" + EmbeddedPostgres.shared().createDatabase(),
				"--spring.datasource.username=postgres", "--spring.datasource.password=postgres" };
	}

	private static String[] with(String[] some, String... more) {
		String[] all = Arrays.copyOf(some, some.length + more.length);
		System.arraycopy(more, 0, all, some.length, more.length);
		return all;
	}

	private static void start(Class<?> application, String... arguments) {
		run(application, arguments).close();
	}

	private static ConfigurableApplicationContext run(Class<?> application, String... arguments) {
		return new SpringApplicationBuilder(application, Application.class).web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.logStartupInfo(false)
			.properties("spring.main.banner-mode=off", "spring.datasource.hikari.maximum-pool-size=20",
					"spring.datasource.hikari.minimum-idle=0",
					"logging.level." + StartReporter.class.getName() + "=info")
			.run(arguments);
	}

	private static List<String> lines(CharSequence output) {
		List<String> lines = output.toString()
			.lines()
			.filter((line) -> line.contains(StartReport.PREFIX))
			.map((line) -> line.substring(line.indexOf(StartReport.PREFIX) + StartReport.PREFIX.length()))
			.toList();
		assertThat(lines).hasSize(5);
		return lines;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, BackgroundJobAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Greetings.class)
	static class Greeting {

	}

	/**
	 * An application whose pool is unknown.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OtherPool {

		@Bean
		DriverManagerDataSource dataSource() {
			return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		}

	}

}
