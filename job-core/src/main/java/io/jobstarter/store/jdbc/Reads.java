package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Map;

import org.springframework.jdbc.core.RowMapper;

/**
 * How the engine asks whether there is anything to do, which it does all the time.
 */
@FunctionalInterface
interface Reads {

	/**
	 * Runs a statement that only reads, outside of other transactions.
	 * @param statement the statement
	 * @param parameters its parameters
	 * @param mapper reads its rows
	 * @return its rows
	 */
	<T> List<T> query(String statement, Map<String, Object> parameters, RowMapper<T> mapper);

	/**
	 * Like {@link #query}, for who has no time to wait: fails rather than to wait for a
	 * lock for long or to try again.
	 * @param statement the statement
	 * @param parameters its parameters
	 * @param mapper reads its rows
	 * @return its rows
	 */
	default <T> List<T> queryOnce(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return query(statement, parameters, mapper);
	}

	/**
	 * Like {@link #query}, for a table so small that no plan of it can be slow.
	 * @param statement the statement
	 * @param parameters its parameters
	 * @param mapper reads its rows
	 * @return its rows
	 */
	default <T> List<T> querySmall(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return query(statement, parameters, mapper);
	}

}
