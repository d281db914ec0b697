package io.jobstarter.boot4app;

import java.util.UUID;

import io.jobstarter.testdatabases.EmbeddedPostgres;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A database that no other test has.
 *
 * @param url its URL
 * @param user its user, who needs no password
 */
record OwnDatabase(String url, String user) {

	static OwnDatabase h2() {
		return new OwnDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa");
	}

	static OwnDatabase postgres() {
		return new OwnDatabase(EmbeddedPostgres.shared().createDatabase(), EmbeddedPostgres.shared().username());
	}

	JdbcClient client() {
		return JdbcClient.create(new DriverManagerDataSource(this.url, this.user, ""));
	}

}
