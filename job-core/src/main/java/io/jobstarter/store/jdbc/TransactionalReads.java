package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Map;

import org.springframework.jdbc.core.RowMapper;

/**
 * Reads in an ordinary transaction of the engine.
 */
final class TransactionalReads implements Reads {

	private final EngineTransactions transactions;

	private final Statements statements;

	TransactionalReads(EngineTransactions transactions, Statements statements) {
		this.transactions = transactions;
		this.statements = statements;
	}

	@Override
	public <T> List<T> queryOnce(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return this.transactions
			.executeOnce(() -> this.statements.of(statement).params(parameters).query(mapper).list());
	}

	@Override
	public <T> List<T> query(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return this.transactions.execute(() -> this.statements.of(statement).params(parameters).query(mapper).list());
	}

}
