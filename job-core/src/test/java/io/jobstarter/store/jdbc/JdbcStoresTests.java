package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.UUID;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * The way in.
 */
class JdbcStoresTests {

	private final DataSource dataSource = h2();

	private static DataSource h2() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

	@Test
	void anotherDatabaseIsRefusedByName() throws Exception {
		DataSource other = mock(DataSource.class);
		Connection connection = mock(Connection.class);
		DatabaseMetaData metaData = mock(DatabaseMetaData.class);
		given(other.getConnection()).willReturn(connection);
		given(connection.getMetaData()).willReturn(metaData);
		given(metaData.getDatabaseProductName()).willReturn("SQLite");
		assertThatExceptionOfType(UnsupportedDatabaseException.class)
			.isThrownBy(() -> JdbcStores.create(other, other, "background_job_"))
			.withMessageContaining("SQLite")
			.withMessageContaining("PostgreSQL and H2")
			.satisfies((ex) -> assertThat(ex.product()).isEqualTo("SQLite"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1jobs_", "Jobs_", "jobs-", "jobs\"", "j;drop table x", "a b",
			"a23456789012345678901234567890123456789012" })
	void aPrefixThatIsNoIdentifierIsRefused(String prefix) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> JdbcStores.create(this.dataSource, this.dataSource, prefix))
			.withMessageContaining("[a-z_][a-z0-9_]{0,40}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "_", "j", "app_jobs_", "a2345678901234567890123456789012345678901" })
	void aPrefixThatIsAnIdentifierWorks(String prefix) {
		StoreFixture fixture = new StoreFixture(this.dataSource, prefix);
		fixture.enqueue(StoreFixture.job("mail"));
		assertThat(fixture.claim(1)).hasSize(1);
	}

	@Test
	void namesTheTablesThatLack() {
		JdbcStores stores = JdbcStores.create(this.dataSource, this.dataSource, "app_");
		assertThat(stores.missingSchema()).containsExactly("app_job", "app_worker", "app_pulse", "app_queue",
				"app_failure", "app_dead_letter", "app_history");
	}

	@Test
	void namesTheColumnsThatLack() {
		StoreFixture fixture = new StoreFixture(this.dataSource, "app_");
		assertThat(fixture.stores.missingSchema()).isEmpty();
		fixture.sql("alter table background_job_job drop column rule_counts").update();
		fixture.sql("drop table background_job_queue").update();
		assertThat(fixture.stores.missingSchema()).containsExactly("app_job.rule_counts", "app_queue");
	}

}
