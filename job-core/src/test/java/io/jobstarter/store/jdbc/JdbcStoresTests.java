package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.UUID;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
		DataSource other = database("SQLite", "3.47.0", 3, 47);
		assertThatExceptionOfType(UnsupportedDatabaseException.class)
			.isThrownBy(() -> JdbcStores.create(other, other, "background_job_"))
			.withMessageContaining("SQLite")
			.withMessageContaining("PostgreSQL, H2 and MariaDB")
			.satisfies((ex) -> assertThat(ex.product()).isEqualTo("SQLite"));
	}

	private static DataSource database(String product, String version, int major, int minor) throws SQLException {
		DataSource dataSource = mock(DataSource.class);
		Connection connection = mock(Connection.class);
		DatabaseMetaData metaData = mock(DatabaseMetaData.class);
		given(dataSource.getConnection()).willReturn(connection);
		given(connection.getMetaData()).willReturn(metaData);
		given(metaData.getDatabaseProductName()).willReturn(product);
		given(metaData.getDatabaseProductVersion()).willReturn(version);
		given(metaData.getDatabaseMajorVersion()).willReturn(major);
		given(metaData.getDatabaseMinorVersion()).willReturn(minor);
		return dataSource;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			MySQL   | 8.4.3                      |  8 |  4 | MySQL is unverified and not supported for now
			MySQL   | 5.5.5-10.11.19-MariaDB-log |  5 |  5 | org.mariadb.jdbc:mariadb-java-client
			MariaDB | 10.5.29-MariaDB            | 10 |  5 | too old: it lacks SKIP LOCKED
			MariaDB | 5.5.68-MariaDB             |  5 |  5 | MariaDB 10.6 or newer
			""")
	void aRelativeOfMariaDbIsRefusedWithWhatToDo(String product, String version, int major, int minor, String advice)
			throws Exception {
		DataSource other = database(product, version, major, minor);
		assertThatExceptionOfType(UnsupportedDatabaseException.class)
			.isThrownBy(() -> JdbcStores.create(other, other, "background_job_"))
			.withMessageContaining(version)
			.withMessageContaining(advice);
	}

	@ParameterizedTest
	@CsvSource({ "10.6.0-MariaDB, 10, 6", "11.0.2-MariaDB, 11, 0", "12.1.2-MariaDB, 12, 1" })
	void aMariaDbThatIsNewEnoughIsTaken(String version, int major, int minor) throws Exception {
		DataSource mariaDb = database("MariaDB", version, major, minor);
		assertThat(JdbcStores.create(mariaDb, mariaDb, "background_job_").migrationLocation()).endsWith("mariadb");
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
				"app_fleet_slots", "app_breaker", "app_key", "app_limit", "app_failure", "app_dead_letter",
				"app_dead_letter_note", "app_redrive", "app_redrive_canary", "app_rate", "app_recurring",
				"app_recurring_fire", "app_expiring_key", "app_history");
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
