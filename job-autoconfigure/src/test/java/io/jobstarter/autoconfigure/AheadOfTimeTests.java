package io.jobstarter.autoconfigure;

import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.autoconfigure.AheadOfTimeApplication.Bow;
import io.jobstarter.autoconfigure.AheadOfTimeApplication.Nod;
import io.jobstarter.autoconfigure.AheadOfTimeApplication.Proxied;
import io.jobstarter.autoconfigure.AheadOfTimeApplication.Seen;
import io.jobstarter.autoconfigure.AheadOfTimeApplication.Wave;
import io.jobstarter.autoconfigure.FixedAheadOfTime.DecidedAheadOfTimeException;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.Greetings.Linger;
import io.jobstarter.worker.JobWorker;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.aot.AotDetector;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.SpringProperties;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that an application which Spring has processed ahead of time runs its jobs: on
 * the JVM, from the code that was generated and compiled.
 */
class AheadOfTimeTests {

	private final TestGenerationContext generation = new TestGenerationContext(AheadOfTimeApplication.class);

	// DriverManager looks for drivers once, with the class loader of whoever comes first:
	// that has to be the one of the other tests.
	@BeforeAll
	static void findDrivers() {
		assertThat(DriverManager.drivers()).isNotNull();
	}

	@Test
	@CompileWithForkedClassLoader
	void runsJobsOfEveryKindOfHandler() {
		startProcessed(List.of(), List.of("lambda.queue=waves"), (context) -> {
			JobClient jobs = context.getBean(JobClient.class);
			jobs.enqueueAll(List.of(new Greet("you"), new Wave("you"), new Bow("you"), new Nod("you")));
			await().until(() -> context.getBean(Greetings.class).greeted(), List.of("you")::equals);
			List<String> seen = context.getBean(Seen.class).handlers();
			await().until(() -> seen.size() == 3);
			assertThat(seen).containsExactlyInAnyOrder("lambda in waves", "proxied", "scoped");
			assertThat(Proxied.isProxy(context.getBean(Proxied.class))).isTrue();
			assertThat(context.getBeanDefinitionNames()).contains("backgroundJobsHealthIndicator",
					"backgroundJobMeters", "backgroundJobsEndpoint");
		});
	}

	@Test
	@CompileWithForkedClassLoader
	void waitsForARunningJobWhenItStops() {
		String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
		JdbcClient database = client(url);
		startProcessed(List.of(), List.of("lambda.queue=waves", "spring.datasource.url=" + url,
				"background-jobs.worker.shutdown-timeout=20s"), (context) -> {
					JobId id = context.getBean(JobClient.class).enqueue(new Linger()).id();
					JobOperations operations = context.getBean(JobOperations.class);
					await().until(() -> operations.find(id).orElseThrow().state() == JobState.RUNNING);
					Greetings handlers = context.getBean(Greetings.class);
					CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::close);
					await().until(() -> count(database, "background_job_worker where stopping") == 1);
					handlers.endLingering();
					stopped.join();
					assertThat(count(database, "background_job_history where state = 'SUCCEEDED'")).isOne();
					assertThat(count(database, "background_job_worker")).isZero();
				});
	}

	@Test
	@CompileWithForkedClassLoader
	void onlyEnqueuesIfItWasProcessedSoAndLeavesASchemaWithoutMigrationsAlone() {
		String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
		JdbcClient database = client(url);
		database.sql("create table customer (name text)").update();
		List<String> noWorker = List.of("background-jobs.worker.enabled=false");
		startProcessed(noWorker,
				List.of("background-jobs.worker.enabled=false", "lambda.queue=waves", "spring.datasource.url=" + url),
				(context) -> {
					assertThat(context.getBeanNamesForType(JobWorker.class)).isEmpty();
					assertThat(context.getBean(JobClient.class).enqueue(new Greet("you")).duplicate()).isFalse();
					assertThat(count(database, "information_schema.tables where table_name = 'BACKGROUND_JOB_JOB'"))
						.isOne();
					assertThat(count(database, "information_schema.tables where table_name = 'flyway_schema_history'"))
						.isZero();
				});
	}

	@Test
	@CompileWithForkedClassLoader
	void refusesToStartWithoutTheWorkerThatItWasProcessedWith() {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> startProcessed(List.of(),
				List.of("background-jobs.worker.enabled=false", "lambda.queue=waves"), (context) -> {
				}))
			.havingRootCause()
			.isInstanceOfSatisfying(DecidedAheadOfTimeException.class,
					(failure) -> assertThat(failure.remedy())
						.contains("Build it with background-jobs.worker.enabled set to 'false'"))
			.withMessageStartingWith("background-jobs.worker.enabled is false, but was true when");
	}

	@Test
	void tellsANativeImageOfTheLibrariesThatItLooksFor() {
		process(List.of());
		RuntimeHints hints = this.generation.getRuntimeHints();
		for (String name : List.of("com.zaxxer.hikari.HikariDataSource", "org.flywaydb.core.Flyway",
				BackgroundJobFailureAnalyzer.class.getName(), BackgroundJobProperties.Queue.class.getName(),
				Greet.class.getName(), Wave.class.getName(),
				"io.jobstarter.autoconfigure.actuate.JobsEndpoint$JobDetails",
				"io.jobstarter.autoconfigure.actuate.DeadLetterView")) {
			assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(name))).as(name).accepts(hints);
		}
	}

	// No DriverManager: it knows the drivers of another class loader.
	private static JdbcClient client(String url) {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setUrl(url);
		dataSource.setUser("sa");
		return JdbcClient.create(dataSource);
	}

	private static long count(JdbcClient database, String what) {
		return database.sql("select count(*) from " + what).query(Long.class).single();
	}

	private void startProcessed(List<String> settingsOfTheBuild, List<String> settings,
			Consumer<GenericApplicationContext> application) {
		ClassName initializer = process(settingsOfTheBuild);
		TestCompiler.forSystem().with(this.generation).compile((compiled) -> {
			SpringProperties.setFlag(AotDetector.AOT_ENABLED);
			try (GenericApplicationContext context = context(new GenericApplicationContext(), settings)) {
				initialize(compiled.getInstance(ApplicationContextInitializer.class, initializer.toString()), context);
				context.refresh();
				application.accept(context);
			}
		});
	}

	private ClassName process(List<String> settings) {
		try (AnnotationConfigApplicationContext context = context(new AnnotationConfigApplicationContext(), settings)) {
			context.register(AheadOfTimeApplication.class);
			ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, this.generation);
			this.generation.writeGeneratedContent();
			return initializer;
		}
	}

	@SuppressWarnings({ "rawtypes", "unchecked" })
	private static void initialize(ApplicationContextInitializer initializer, GenericApplicationContext context) {
		initializer.initialize(context);
	}

	private static <C extends GenericApplicationContext> C context(C context, List<String> settings) {
		List<String> all = new ArrayList<>(List.of(Contexts.IN_A_HURRY));
		all.add("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		all.add("management.endpoints.web.exposure.include=*");
		all.add("management.endpoints.jmx.exposure.include=*");
		all.addAll(settings);
		TestPropertyValues.of(all).applyTo(context);
		return context;
	}

}
