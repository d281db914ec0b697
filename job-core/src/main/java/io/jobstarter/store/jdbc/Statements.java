package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes statements of one installation, on one data source. They join the transaction of
 * the calling thread.
 *
 * @param client runs them
 * @param text translates them
 */
record Statements(JdbcClient client, SqlText text) {

	static Statements on(DataSource dataSource, SqlText text) {
		return new Statements(JdbcClient.create(dataSource), text);
	}

	static Statements onH2(DataSource dataSource, SqlText text) {
		return new Statements(JdbcClient.create(new H2Statements(dataSource)), text);
	}

	static Statements onMariaDb(DataSource dataSource, SqlText text) {
		return new Statements(JdbcClient.create(new MariaDbParameters(dataSource)), text);
	}

	JdbcClient.StatementSpec of(String statement) {
		return this.client.sql(this.text.of(statement));
	}

	<T> List<T> read(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return of(statement).params(parameters).query(mapper).list();
	}

}
