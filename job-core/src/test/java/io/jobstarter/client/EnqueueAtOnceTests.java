package io.jobstarter.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobEvent;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.client.Clients.Greet;
import io.jobstarter.store.Lane;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Enqueues outside of transactions where one statement is enough.
 */
class EnqueueAtOnceTests {

	private static final String READ_ONLY = """
			do $$ begin
			    execute format('alter database %I set default_transaction_read_only = on', current_database());
			end $$
			""";

	private final List<JobEvent> events = Collections.synchronizedList(new ArrayList<>());

	private final List<Lane> wakeUps = Collections.synchronizedList(new ArrayList<>());

	private HikariDataSource pool;

	private CountingManager transactions;

	private DefaultJobClient jobs;

	@BeforeEach
	void createTables() {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		this.pool = new HikariDataSource();
		this.pool.setJdbcUrl(postgres.createDatabase());
		this.pool.setUsername(postgres.username());
		this.pool.setPassword(postgres.password());
		this.pool.setMaximumPoolSize(4);
		this.pool.setMinimumIdle(0);
		this.transactions = new CountingManager(this.pool);
		Enqueuer enqueuer = new Enqueuer(Clients.migrated(this.pool).enqueueStore(), this.transactions,
				this.wakeUps::add, new SafeEvents((event) -> this.events.add((JobEvent) event)));
		this.jobs = Clients.of(enqueuer, this.transactions);
	}

	@AfterEach
	void close() {
		this.pool.close();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
	}

	@Test
	void beginsNoTransactionForOneJobOrAFew() {
		this.jobs.enqueue(new Greet("Ada"));
		this.jobs.enqueueAll(List.of(new Greet("Bob"), new Greet("Eve")));
		assertThat(count()).isEqualTo(3);
		assertThat(this.events).hasSize(3);
		assertThat(this.wakeUps).hasSize(2);
		assertThat(this.transactions.begun).isZero();
	}

	@Test
	void beginsOneForManyJobsAndForThoseOfAStream() {
		this.jobs.enqueueAll(IntStream.range(0, 1_001).mapToObj((i) -> new Greet("n" + i)).toList());
		this.jobs.enqueueAll(Stream.of(new Greet("Ada")));
		assertThat(count()).isEqualTo(1_002);
		assertThat(this.transactions.begun).isEqualTo(2);
	}

	@Test
	void joinsATransactionWhoseManagerKeepsSynchronizationToItself() {
		this.transactions.setTransactionSynchronization(JdbcTransactionManager.SYNCHRONIZATION_NEVER);
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			this.jobs.enqueue(new Greet("Ada"));
			status.setRollbackOnly();
		});
		assertThat(count()).isZero();
	}

	@Test
	void aReadOnlyPoolIsATypedError() {
		JdbcClient.create(this.pool).sql(READ_ONLY).update();
		this.pool.getHikariPoolMXBean().softEvictConnections();
		assertThatExceptionOfType(ReadOnlyTransactionException.class)
			.isThrownBy(() -> this.jobs.enqueue(new Greet("Ada")));
		assertThat(this.events).isEmpty();
	}

	private int count() {
		return JdbcClient.create(this.pool)
			.sql("select count(*) from background_job_job")
			.query(Integer.class)
			.single();
	}

	/**
	 * Counts the transactions that it begins.
	 */
	private static final class CountingManager extends JdbcTransactionManager {

		private int begun;

		CountingManager(HikariDataSource dataSource) {
			super(dataSource);
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.begun++;
			super.doBegin(transaction, definition);
		}

	}

}
