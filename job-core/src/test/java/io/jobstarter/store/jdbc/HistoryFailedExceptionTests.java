package io.jobstarter.store.jdbc;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.UncategorizedSQLException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether a job may be settled without its history.
 */
class HistoryFailedExceptionTests {

	@ParameterizedTest
	@CsvSource({ "25006, 0", "0A000, 0", "40P01, 0", "40001, 0", "HY000, 1290", "HY000, 1836", "HY000, 1020",
			"40001, 1213" })
	void whatKeepsEverythingFromBeingWrittenIsNotOfTheHistory(String state, int code) {
		DataAccessException failure = failure(state, code);
		assertThat(HistoryFailedException.of(failure)).isSameAs(failure);
	}

	@ParameterizedTest
	@CsvSource({ "42P01, 0", "23514, 0", "55P03, 0", "42501, 0", "42S02, 1146", "HY000, 1205" })
	void whatKeepsTheHistoryFromBeingWrittenIs(String state, int code) {
		DataAccessException failure = failure(state, code);
		assertThat(HistoryFailedException.of(failure)).isInstanceOf(HistoryFailedException.class).hasCause(failure);
	}

	@Test
	void aLostConnectionIsNotOfTheHistory() {
		DataAccessException failure = new DataAccessResourceFailureException("gone");
		assertThat(HistoryFailedException.of(failure)).isSameAs(failure);
	}

	@Test
	void aDuplicateIsOfTheHistory() {
		assertThat(HistoryFailedException.of(new DuplicateKeyException("there")))
			.isInstanceOf(HistoryFailedException.class);
	}

	private static DataAccessException failure(String state, int code) {
		return new UncategorizedSQLException("insert", "insert", new SQLException("no", state, code));
	}

}
