package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.store.NewJob;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract on PostgreSQL.
 */
class PostgresStoreTests extends StoreContractTests implements HostileInputContract {

	private HikariDataSource pool;

	@Override
	DataSource open() {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		// Its races open 64 connections at once, which takes a busy machine half a
		// minute.
		this.pool = Pools.open(postgres.createDatabase(), postgres.username(), postgres.password(),
				(config) -> config.setConnectionTimeout(Duration.ofMinutes(2).toMillis()));
		return this.pool;
	}

	@Override
	void close() {
		this.pool.close();
	}

	// The application's connections have no table of jobs here.
	@Test
	void whatQueuesHoldIsReadWithThePinnedPlansOfTheEngine() {
		fixture().sql("create schema elsewhere").update();
		fixture().sql("create table elsewhere.background_job_queue (like background_job_queue)").update();
		fixture().sql("create table elsewhere.background_job_fleet_slots (like background_job_fleet_slots)").update();
		fixture().enqueue(3, "mail", "default");
		try (HikariDataSource application = Pools.open(this.pool.getJdbcUrl() + "?currentSchema=elsewhere",
				this.pool.getUsername(), this.pool.getPassword())) {
			JdbcStores stores = JdbcStores.create(application, this.pool, "background_job_");
			assertThat(stores.operationsStore().queues()).singleElement()
				.extracting(QueueInfo::depth)
				.isEqualTo(Map.of(JobState.READY, 3L));
		}
	}

	// In a table so small that the sample is all of it.
	@Test
	void queuesBeyondTheLanesThatAreReadAreEstimated() {
		fixture().sql("truncate background_job_job").update();
		List<NewJob> jobs = IntStream.range(0, 1_100)
			.mapToObj((number) -> StoreFixture.job("mail", "tenant-" + number, 0))
			.toList();
		fixture().transaction.executeWithoutResult((status) -> fixture().stores.enqueueStore().insert(jobs));
		List<QueueInfo> queues = fixture().stores.metricsStore().fleet().queues();
		assertThat(queues).hasSize(1_100).allMatch((queue) -> queue.depth().get(JobState.READY) == 1);
		assertThat(queues).filteredOn((queue) -> !queue.estimated().isEmpty()).hasSize(101);
	}

}
