package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Map;

import org.springframework.jdbc.core.RowMapper;

/**
 * Reads on PostgreSQL: without begin and commit.
 */
final class PostgresReads implements Reads {

	private final EngineTransactions transactions;

	private final PostgresRoundTrip roundTrip;

	PostgresReads(EngineTransactions transactions, PostgresRoundTrip roundTrip) {
		this.transactions = transactions;
		this.roundTrip = roundTrip;
	}

	@Override
	public <T> List<T> query(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return this.transactions
			.alone(() -> this.roundTrip.read(EngineTransactions.POSTGRES_BOUNDS + statement, parameters, mapper));
	}

	@Override
	public <T> List<T> queryOnce(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return this.roundTrip.read(EngineTransactions.POSTGRES_SHORT_BOUNDS + statement, parameters, mapper);
	}

	// Without settings, which are a statement of their own.
	@Override
	public <T> List<T> querySmall(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return this.transactions.alone(() -> this.roundTrip.read(statement, parameters, mapper));
	}

}
