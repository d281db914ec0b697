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
import io.jobstarter.context.LocalePropagator;
import io.jobstarter.context.TracePropagator;
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
import org.springframework.core.test.tools.Compiled;
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

	private static final String H2 = "jdbc:h2:mem:";

	private static final String HISTORY_OF_THE_APPLICATION = "information_schema.tables"
			+ " where table_name = 'flyway_schema_history'";

	private final TestGenerationContext generation = new TestGenerationContext(AheadOfTimeApplication.class);

	// DriverManager looks for drivers once, with the class loader of whoever comes first:
	// that has to be the one of the other tests.
	@BeforeAll
	static void findDrivers() {
		assertThat(DriverManager.drivers()).isNotNull();
	}

	@Test
	@CompileWithForkedClassLoader
	void runsJobsOfEveryKindOfHandlerAndWaitsForARunningOneWhenItStops() {
		processed(List.of(), (application) -> {
			try (GenericApplicationContext context = application.start("background-jobs.worker.shutdown-timeout=20s")) {
				runJobsOfEveryKindOfHandler(context);
				assertThat(context.getBeanDefinitionNames()).contains("backgroundJobsHealthIndicator",
						"backgroundJobMeters", "backgroundJobsEndpoint");
				waitForARunningJob(context, application.database());
			}
		});
	}

	private static void runJobsOfEveryKindOfHandler(GenericApplicationContext context) {
		context.getBean(JobClient.class)
			.enqueueAll(List.of(new Greet("you"), new Wave("you"), new Bow("you"), new Nod("you")));
		await().until(() -> context.getBean(Greetings.class).greeted(), List.of("you")::equals);
		List<String> seen = context.getBean(Seen.class).handlers();
		await().until(() -> seen.size() == 3);
		assertThat(seen).containsExactlyInAnyOrder("lambda in waves", "proxied", "scoped");
		assertThat(Proxied.isProxy(context.getBean(Proxied.class))).isTrue();
	}

	private static void waitForARunningJob(GenericApplicationContext context, JdbcClient database) {
		JobId id = context.getBean(JobClient.class).enqueue(new Linger()).id();
		JobOperations operations = context.getBean(JobOperations.class);
		await().until(() -> operations.find(id).orElseThrow().state() == JobState.RUNNING);
		Greetings handlers = context.getBean(Greetings.class);
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::close);
		await().until(() -> count(database, "background_job_worker where stopping") == 1);
		handlers.endLingering();
		stopped.join();
		assertThat(count(database, "background_job_history where state = 'SUCCEEDED' and id = " + id)).isOne();
		assertThat(count(database, "background_job_worker")).isZero();
	}

	@Test
	@CompileWithForkedClassLoader
	void startsOnlyAsItWasProcessedAndLeavesASchemaWithoutMigrationsAlone() {
		String noWorker = "background-jobs.worker.enabled=false";
		processed(List.of(noWorker), (application) -> {
			application.database().sql("create table customer (name text)").update();
			try (GenericApplicationContext context = application.start(noWorker)) {
				assertThat(context.getBeanNamesForType(JobWorker.class)).isEmpty();
				assertThat(context.getBean(JobClient.class).enqueue(new Greet("you")).duplicate()).isFalse();
				assertThat(count(application.database(), HISTORY_OF_THE_APPLICATION)).isZero();
			}
			assertThatExceptionOfType(Exception.class).isThrownBy(application::start)
				.havingRootCause()
				.isInstanceOfSatisfying(DecidedAheadOfTimeException.class,
						(failure) -> assertThat(failure.remedy())
							.contains("Build it with background-jobs.worker.enabled set to 'true'"))
				.withMessageStartingWith("background-jobs.worker.enabled is true, but was false when");
		});
	}

	@Test
	@CompileWithForkedClassLoader
	void readsAtTheStartWhatNoBuildDecides() {
		processed(List.of(), (application) -> {
			try (GenericApplicationContext context = application.start("background-jobs.context.locale=on",
					"background-jobs.context.trace=off")) {
				assertThat(context.getBean("backgroundJobLocale")).isInstanceOf(LocalePropagator.class);
				assertThat(context.getBean("backgroundJobTrace")).isNotInstanceOf(TracePropagator.class);
			}
			try (GenericApplicationContext context = application.start("background-jobs.context.locale=no")) {
				assertThat(context.getBean("backgroundJobLocale")).isNotInstanceOf(LocalePropagator.class);
				assertThat(context.getBean("backgroundJobTrace")).isInstanceOf(TracePropagator.class);
			}
			assertThatExceptionOfType(Exception.class)
				.isThrownBy(() -> application.start("background-jobs.queues.tenant-*.concurrency=2"))
				.havingRootCause()
				.isInstanceOf(InvalidSettingException.class)
				.withMessageContaining("written without brackets");
		});
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

	private static long count(JdbcClient database, String what) {
		return database.sql("select count(*) from " + what).query(Long.class).single();
	}

	private void processed(List<String> settingsOfTheBuild, Consumer<Processed> test) {
		ClassName initializer = process(settingsOfTheBuild);
		TestCompiler.forSystem().with(this.generation).compile((compiled) -> {
			SpringProperties.setFlag(AotDetector.AOT_ENABLED);
			test.accept(new Processed(compiled, initializer, H2 + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"));
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

	private static <C extends GenericApplicationContext> C context(C context, List<String> settings) {
		List<String> all = new ArrayList<>(List.of(Contexts.IN_A_HURRY));
		all.add("spring.datasource.url=" + H2);
		all.add("management.endpoints.web.exposure.include=*");
		all.add("management.endpoints.jmx.exposure.include=*");
		all.addAll(settings);
		TestPropertyValues.of(all).applyTo(context);
		return context;
	}

	/**
	 * An application, compiled from what was generated.
	 *
	 * @param classes its classes
	 * @param initializer the one that registers its beans
	 * @param url its database
	 */
	private record Processed(Compiled classes, ClassName initializer, String url) {

		@SuppressWarnings({ "rawtypes", "unchecked" })
		GenericApplicationContext start(String... settings) {
			List<String> all = new ArrayList<>(List.of("lambda.queue=waves", "spring.datasource.url=" + this.url));
			all.addAll(List.of(settings));
			GenericApplicationContext context = context(new GenericApplicationContext(), all);
			this.classes.getInstance(ApplicationContextInitializer.class, this.initializer.toString())
				.initialize(context);
			context.refresh();
			return context;
		}

		// No DriverManager: it knows the drivers of another class loader.
		JdbcClient database() {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setUrl(this.url);
			dataSource.setUser("sa");
			return JdbcClient.create(dataSource);
		}

	}

}
