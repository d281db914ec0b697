package io.jobstarter.faults.network;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.jobstarter.Enqueued;
import io.jobstarter.JobClient;
import io.jobstarter.UniqueUntil;
import io.jobstarter.faults.NetworkJobs.Quiet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.TcpProxy;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The server commits what an application enqueues, and the application never hears of it.
 * It may say the same again under the same unique key.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostEnqueueTests {

	/** What the server answers first to a statement that it was given: ParseComplete. */
	private static final byte[] REPLY_TO_STATEMENT = { '1', 0, 0, 0, 4 };

	/** What MariaDB answers to COMMIT: the header of a packet, and OK. */
	private static final byte[] REPLY_OF_MARIADB = { 7, 0, 0, 1, 0 };

	private static final String INSERT = "insert into background_job_job";

	private final Map<FleetServer, Application> applications = new EnumMap<>(FleetServer.class);

	@AfterAll
	void close() {
		this.applications.values().forEach(Application::close);
	}

	static List<FleetServer> servers() {
		return FleetServer.available().stream().filter((server) -> server != FleetServer.PGBOUNCER).toList();
	}

	@ParameterizedTest
	@MethodSource("servers")
	void aTransactionThatIsRepeatedUnderItsUniqueKeyMakesOneJob(FleetServer server) {
		Application application = application(server);
		TransactionTemplate transaction = new TransactionTemplate(
				application.producer.getBean(PlatformTransactionManager.class));
		if (server == FleetServer.MARIADB) {
			application.proxy.dropReply("COMMIT", REPLY_OF_MARIADB);
		}
		else {
			application.proxy.dropReply(INSERT, TcpProxy.REPLY_TO_COMMIT);
		}
		assertOneJob(application, () -> transaction.execute((status) -> application.enqueueUnique("order-1")));
	}

	@Test
	void aStatementThatIsRepeatedUnderItsUniqueKeyMakesOneJob() {
		Application application = application(FleetServer.POSTGRESQL);
		application.proxy.dropReply(INSERT, REPLY_TO_STATEMENT);
		assertOneJob(application, () -> application.enqueueUnique("order-2"));
	}

	// Without a key nobody can tell whether a job is there: each caller whose reply was
	// lost is told so, and the engine repeats nothing by itself.
	@Test
	void aGroupWhoseReplyIsLostIsNotInsertedTwice() throws Exception {
		Application application = application(FleetServer.POSTGRESQL);
		ExecutorService threads = Executors.newFixedThreadPool(16);
		try {
			application.proxy.dropReply(INSERT, REPLY_TO_STATEMENT);
			List<Callable<Optional<Long>>> calls = IntStream.range(0, 200)
				.mapToObj((i) -> (Callable<Optional<Long>>) () -> application.enqueuePlain(1_000 + i))
				.toList();
			List<Long> told = new ArrayList<>();
			for (Future<Optional<Long>> result : threads.invokeAll(calls)) {
				result.get().ifPresent(told::add);
			}
			assertThat(application.struck()).isOne();
			assertThat(told).hasSizeLessThan(200);
			assertThat(application.ids("1___")).hasSize(200).containsAll(told);
		}
		finally {
			threads.shutdownNow();
		}
	}

	// The transaction is one of another database, and committed: the caller cannot be
	// told that anything went wrong.
	@Test
	void whatIsInsertedAfterTheCommitOfAnotherDatabaseIsThereOnce() {
		Application application = application(FleetServer.POSTGRESQL);
		EmbeddedPostgres server = EmbeddedPostgres.shared();
		TransactionTemplate other = new TransactionTemplate(new JdbcTransactionManager(
				new DriverManagerDataSource(server.createDatabase(), server.username(), server.password())));
		application.proxy.dropReply(INSERT, TcpProxy.REPLY_TO_COMMIT);
		Enqueued enqueued = other.execute((status) -> application.client().enqueue(new Quiet(2_000, 0, 0)));
		assertThat(application.struck()).isOne();
		assertThat(enqueued).isNotNull();
		assertThat(application.ids("2000")).containsExactly(enqueued.id().value());
	}

	private static void assertOneJob(Application application, Supplier<Enqueued> enqueue) {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(enqueue::get);
		assertThat(application.struck()).isOne();
		Enqueued again = enqueue.get();
		assertThat(again.duplicate()).isTrue();
		assertThat(application.ids("1")).containsExactly(again.id().value());
	}

	private Application application(FleetServer server) {
		Application application = this.applications.computeIfAbsent(server, Application::new);
		application.begin();
		return application;
	}

	/**
	 * An application that reaches its database through a proxy.
	 */
	private static final class Application {

		private final FleetDatabase database;

		private final TcpProxy proxy;

		private final ConfigurableApplicationContext producer;

		private int struckBefore;

		Application(FleetServer server) {
			this.database = FleetDatabase.create(server);
			this.proxy = this.database.proxy();
			// Concerns jobs without keys only.
			this.producer = this.database.producer(this.proxy, List.of("--background-jobs.group-commit=true"));
		}

		void begin() {
			this.struckBefore = this.proxy.struck();
			this.database.jdbc().update("delete from background_job_job");
		}

		int struck() {
			return this.proxy.struck() - this.struckBefore;
		}

		JobClient client() {
			return this.producer.getBean(JobClient.class);
		}

		Enqueued enqueueUnique(String key) {
			return client().job(new Quiet(1, 0, 0)).uniqueKey(key, UniqueUntil.FINISHED).enqueue();
		}

		Optional<Long> enqueuePlain(int number) {
			try {
				return Optional.of(client().enqueue(new Quiet(number, 0, 0)).id().value());
			}
			catch (DataAccessException ex) {
				return Optional.empty();
			}
		}

		List<Long> ids(String number) {
			return this.database.jdbc()
				.queryForList("select id from background_job_job where payload like ?", Long.class,
						"%\"number\":" + number + ",%");
		}

		void close() {
			this.producer.close();
			this.proxy.close();
			this.database.close();
		}

	}

}
