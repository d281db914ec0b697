package io.jobstarter.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.store.jdbc.PostgresListener;
import io.jobstarter.store.jdbc.PostgresListener.State;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PgBouncer;
import io.jobstarter.testdatabases.PgBouncerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Whole applications behind PgBouncer in transaction mode.
 */
@ExtendWith(OutputCaptureExtension.class)
class PgBouncerApplicationTests {

	private static final int NODES = 5;

	private static final String POLLS_RARELY = "background-jobs.worker.poll-interval=1h";

	private static final String ONLY_ENQUEUES = "background-jobs.worker.enabled=false";

	private PgBouncer pooler;

	private String database;

	@BeforeEach
	void startPooler() {
		assumeTrue(PgBouncer.isAvailable(), "PgBouncer is not installed");
		startPooler(3);
	}

	private void startPooler(int poolSize) {
		this.pooler = PgBouncer.inFrontOf(EmbeddedPostgres.shared(),
				PgBouncerOptions.defaults().withPoolSize(poolSize));
		this.database = this.pooler.createDatabase();
	}

	@AfterEach
	void stopPooler() {
		if (this.pooler != null) {
			this.pooler.close();
		}
	}

	private ApplicationContextRunner node() {
		return Contexts.onPostgres(this.pooler.url(this.database)).withUserConfiguration(Greetings.class);
	}

	@Test
	void runsWhatACommittedTransactionEnqueuedAndNothingThatWasRolledBack() {
		node().run((context) -> {
			JobClient jobs = context.getBean(JobClient.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			transaction.executeWithoutResult((status) -> {
				jobs.enqueue(new Greet("nobody"));
				status.setRollbackOnly();
			});
			transaction.executeWithoutResult((status) -> jobs.enqueue(new Greet("you")));
			await().until(() -> greeted(context), List.of("you")::equals);
			await().until(() -> count("history") == 1);
			assertThat(count("job")).isZero();
		});
	}

	@Test
	void twoNodesRunEachJobOnce() {
		node().run((one) -> node().run((other) -> {
			List<String> names = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				names.add("guest " + i);
			}
			names.forEach(
					(name) -> (name.endsWith("7") ? one : other).getBean(JobClient.class).enqueue(new Greet(name)));
			await().until(() -> count("history") == names.size());
			List<String> greeted = new ArrayList<>(greeted(one));
			greeted.addAll(greeted(other));
			assertThat(greeted).containsExactlyInAnyOrderElementsOf(names);
		}));
	}

	@Test
	void aJobOfAnotherNodeWakesTheOneThatListensOnADirectConnection() {
		node()
			.withPropertyValues(POLLS_RARELY,
					"background-jobs.worker.listen-url=" + this.pooler.directUrl(this.database))
			.run((worker) -> {
				await().until(() -> listener(worker).state() == State.LISTENING);
				// It does not announce any more what it has not announced when it stops.
				node().withPropertyValues(ONLY_ENQUEUES).run((other) -> {
					other.getBean(JobClient.class).enqueue(new Greet("you"));
					await().until(() -> greeted(worker), List.of("you")::equals);
				});
			});
	}

	@Test
	void withoutADirectConnectionItPollsAndSaysOnceWhatToDo(CapturedOutput output) {
		Logger logger = (Logger) LoggerFactory.getLogger(PostgresListener.class);
		logger.setLevel(Level.INFO);
		try {
			node().run((worker) -> {
				await().until(() -> listener(worker).state() == State.POLLING);
				node().withPropertyValues(ONLY_ENQUEUES)
					.run((other) -> other.getBean(JobClient.class).enqueue(new Greet("you")));
				await().until(() -> greeted(worker), List.of("you")::equals);
			});
			assertThat(output.getOut()).contains("background-jobs.worker.listen-url")
				.containsOnlyOnce("Notifications of other nodes do not arrive");
		}
		finally {
			logger.setLevel(null);
		}
	}

	@Test
	void migratesOnceWhereNodesStartTogetherOnAnEmptyDatabase() throws Exception {
		startTogether(node());
		assertThat(count("schema_history where version = '1' and type = 'SQL' and success")).isOne();
	}

	// Flyway itself keeps a session while it waits for its turn.
	@Test
	void migratesOnceWhereNodesWithMigrationsOfTheirOwnStartTogether() throws Exception {
		stopPooler();
		startPooler(NODES + 2);
		startTogether(node().withPropertyValues("spring.flyway.locations=classpath:app-migration"));
		assertThat(count("schema_history where version = '1' and type = 'SQL' and success")).isOne();
	}

	private void startTogether(ApplicationContextRunner node) throws Exception {
		CyclicBarrier barrier = new CyclicBarrier(NODES);
		ExecutorService threads = Executors.newFixedThreadPool(NODES);
		try {
			List<Future<Void>> starts = new ArrayList<>();
			for (int i = 0; i < NODES; i++) {
				starts.add(threads.submit(start(node, barrier)));
			}
			for (Future<Void> start : starts) {
				start.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private Callable<Void> start(ApplicationContextRunner node, CyclicBarrier barrier) {
		return () -> {
			barrier.await(30, TimeUnit.SECONDS);
			node.run((context) -> {
				context.getBean(JobClient.class).enqueue(new Greet("you"));
				await().until(() -> count("history") > 0);
			});
			return null;
		};
	}

	private long count(String table) {
		return JdbcClient
			.create(new DriverManagerDataSource(this.pooler.directUrl(this.database), "postgres", "postgres"))
			.sql("select count(*) from background_job_" + table)
			.query(Long.class)
			.single();
	}

	private static List<String> greeted(ApplicationContext context) {
		return context.getBean(Greetings.class).greeted();
	}

	private static PostgresListener listener(ApplicationContext context) {
		return context.getBean(Notifications.class).listener();
	}

}
