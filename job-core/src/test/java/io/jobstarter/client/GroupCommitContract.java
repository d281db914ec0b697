package io.jobstarter.client;

import java.util.List;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.client.Clients.Greet;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.support.SafeEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What enqueues that are committed together keep, on every database.
 */
abstract class GroupCommitContract {

	private static final int THREADS = 16;

	private static final int EACH = 20;

	private HikariDataSource pool;

	private JdbcStores stores;

	abstract HikariDataSource open();

	@BeforeEach
	void createTables() {
		this.pool = open();
		this.stores = Clients.migrated(this.pool);
	}

	@AfterEach
	void close() {
		if (this.pool != null) {
			this.pool.close();
		}
	}

	private DefaultJobClient client(DataSource dataSource, JdbcStores stores) {
		JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
		return Clients.of(new Enqueuer(stores.enqueueStore(), manager,
				new EnqueueSettings(EnqueueMode.TRANSACTION, true), (lane) -> {
				}, new SafeEvents((event) -> {
				})), manager);
	}

	/**
	 * The fewest connections, also where callers wait for each other.
	 * @param autoCommit whether they commit each statement
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void everyCallerGetsItsOwnJobFromAPoolOfOneConnection(boolean autoCommit) {
		try (HikariDataSource one = open(1, autoCommit)) {
			DefaultJobClient jobs = client(one, JdbcStores.create(one, one, "background_job_"));
			List<List<Enqueued>> all = Threads.together(THREADS, (thread) -> enqueue(jobs, thread));
			assertThat(all.stream().flatMap(List::stream)).doesNotHaveDuplicates()
				.extracting(Enqueued::duplicate)
				.containsOnly(false);
			for (int thread = 0; thread < THREADS; thread++) {
				assertThat(payloads(all.get(thread))).isEqualTo(greetings(thread));
			}
		}
		assertThat(count()).isEqualTo(THREADS * EACH);
	}

	private HikariDataSource open(int connections, boolean autoCommit) {
		HikariDataSource other = new HikariDataSource();
		other.setJdbcUrl(this.pool.getJdbcUrl());
		other.setUsername(this.pool.getUsername());
		other.setPassword(this.pool.getPassword());
		other.setMaximumPoolSize(connections);
		other.setAutoCommit(autoCommit);
		return other;
	}

	private static List<Enqueued> enqueue(DefaultJobClient jobs, int thread) {
		return IntStream.range(0, EACH).mapToObj((i) -> jobs.enqueue(new Greet(thread + "-" + i))).toList();
	}

	private List<String> payloads(List<Enqueued> enqueued) {
		return enqueued.stream()
			.map((each) -> this.stores.operationsStore().find(each.id()).orElseThrow().payload())
			.toList();
	}

	private static List<String> greetings(int thread) {
		return IntStream.range(0, EACH).mapToObj((i) -> "{\"name\":\"" + thread + "-" + i + "\"}").toList();
	}

	@Test
	void ofManyWithTheSameKeyOneIsInsertedAndTheOthersAreItsDuplicates() {
		DefaultJobClient jobs = client(this.pool, this.stores);
		List<Enqueued> all = Threads.together(THREADS,
				(thread) -> jobs.job(new Greet("Ada")).uniqueKey("ada").enqueue());
		JobId id = all.get(0).id();
		assertThat(all).extracting(Enqueued::id).containsOnly(id);
		assertThat(all).filteredOn((enqueued) -> !enqueued.duplicate()).hasSize(1);
		assertThat(count()).isOne();
	}

	@Test
	void aCallersTransactionIsItsOwn() {
		DefaultJobClient jobs = client(this.pool, this.stores);
		new TransactionTemplate(new JdbcTransactionManager(this.pool)).executeWithoutResult((status) -> {
			jobs.enqueue(new Greet("Ada"));
			status.setRollbackOnly();
		});
		assertThat(count()).isZero();
	}

	final int count() {
		return JdbcClient.create(this.pool)
			.sql("select count(*) from background_job_job")
			.query(Integer.class)
			.single();
	}

	final HikariDataSource pool() {
		return this.pool;
	}

	final JdbcStores stores() {
		return this.stores;
	}

}
