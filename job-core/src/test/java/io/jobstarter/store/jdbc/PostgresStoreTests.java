package io.jobstarter.store.jdbc;

import java.util.List;
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
class PostgresStoreTests extends StoreContractTests {

	private HikariDataSource pool;

	@Override
	DataSource open() {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		this.pool = Pools.open(postgres.createDatabase(), postgres.username(), postgres.password());
		return this.pool;
	}

	@Override
	void close() {
		this.pool.close();
	}

	@Test
	void queuesBeyondTheLanesThatAreReadAreEstimated() {
		List<NewJob> jobs = IntStream.range(0, 1_100)
			.mapToObj((number) -> StoreFixture.job("mail", "tenant-" + number, 0))
			.toList();
		fixture().transaction.executeWithoutResult((status) -> fixture().stores.enqueueStore().insert(jobs));
		List<QueueInfo> queues = fixture().stores.metricsStore().fleet().queues();
		assertThat(queues).hasSize(1_100).allMatch((queue) -> queue.depth().get(JobState.READY) == 1);
		assertThat(queues).filteredOn((queue) -> !queue.estimated().isEmpty()).hasSize(101);
	}

}
