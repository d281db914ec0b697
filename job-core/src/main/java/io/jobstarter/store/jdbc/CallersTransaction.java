package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.support.JoinedTransaction;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transaction of the calling thread, whoever began it. Where there is none, one is
 * made for the time of a call, so that several statements are one change and a pool
 * without auto-commit does not lose them.
 */
final class CallersTransaction {

	private static final String READ_ONLY_TRANSACTION = "25006";

	private final DataSource dataSource;

	private final TransactionTemplate ownTransaction;

	private final JoinedTransaction jdbcTransaction;

	CallersTransaction(DataSource dataSource) {
		JdbcTransactionManager transactionManager = new JdbcTransactionManager(dataSource);
		// The one that connections are bound to, if this is a proxy that knows
		// transactions.
		this.dataSource = Objects.requireNonNull(transactionManager.getDataSource());
		this.ownTransaction = new TransactionTemplate(transactionManager);
		this.jdbcTransaction = new JoinedTransaction(transactionManager);
	}

	/**
	 * Tells whether the connection of the calling thread is in a transaction, rather than
	 * merely lent to a thread that is in one of another database.
	 * @return whether statements become part of a transaction
	 */
	boolean isActive() {
		if (!TransactionSynchronizationManager.isActualTransactionActive() || !(TransactionSynchronizationManager
			.getResource(this.dataSource) instanceof ConnectionHolder holder)) {
			return false;
		}
		// JPA shows its own connection as one that nobody else cleans up.
		return !holder.isSynchronizedWithTransaction() || this.jdbcTransaction.isCurrent();
	}

	<T> T apart(Supplier<T> statements) {
		return this.jdbcTransaction.executeApart(statements);
	}

	<T> T takenBack(Supplier<T> statements) {
		return this.jdbcTransaction.executeAndTakeBack(statements);
	}

	<T> T read(Supplier<T> statements) {
		return execute(statements);
	}

	/**
	 * Runs a single statement that changes something and commits it, in one round trip.
	 * @param statement the statement
	 * @return what it returns, or empty if nothing was done since this takes a
	 * transaction: the calling thread is in one, or its connection does not commit each
	 * statement by itself, or does not write
	 */
	<T> Optional<T> atOnce(Supplier<T> statement) {
		if (TransactionSynchronizationManager.isActualTransactionActive()
				|| TransactionSynchronizationManager.isSynchronizationActive()
				|| TransactionSynchronizationManager.hasResource(this.dataSource)) {
			return Optional.empty();
		}
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			return commitsItself(connection) ? Optional.of(onConnection(connection, statement)) : Optional.empty();
		}
		catch (DataAccessException ex) {
			if (isReadOnly(ex)) {
				return Optional.empty();
			}
			throw ex;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	private static boolean commitsItself(Connection connection) {
		try {
			return connection.getAutoCommit();
		}
		catch (SQLException ex) {
			throw new DataAccessResourceFailureException("It cannot be told whether the connection commits by itself",
					ex);
		}
	}

	// Bound, so that the statement runs on the connection that was looked at.
	private <T> T onConnection(Connection connection, Supplier<T> statement) {
		TransactionSynchronizationManager.bindResource(this.dataSource, new ConnectionHolder(connection));
		try {
			return statement.get();
		}
		finally {
			TransactionSynchronizationManager.unbindResource(this.dataSource);
		}
	}

	/**
	 * Runs statements that change something.
	 * @param statements the statements
	 * @return what they return
	 * @throws ReadOnlyTransactionException if the transaction is read-only
	 */
	<T> T write(Supplier<T> statements) {
		if (isReadOnly()) {
			throw readOnly();
		}
		try {
			return execute(statements);
		}
		catch (DataAccessException ex) {
			if (isReadOnly(ex)) {
				ReadOnlyTransactionException readOnly = readOnly();
				readOnly.initCause(ex);
				throw readOnly;
			}
			throw ex;
		}
	}

	// A read-only transaction of another database is none of ours.
	private boolean isReadOnly() {
		return TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.isCurrentTransactionReadOnly()
				&& TransactionSynchronizationManager.hasResource(this.dataSource);
	}

	private static boolean isReadOnly(DataAccessException ex) {
		return NestedExceptionUtils.getMostSpecificCause(ex) instanceof SQLException cause
				&& READ_ONLY_TRANSACTION.equals(cause.getSQLState());
	}

	private static ReadOnlyTransactionException readOnly() {
		return new ReadOnlyTransactionException("Jobs cannot be changed in a read-only transaction: "
				+ "remove readOnly = true from the caller's @Transactional, or enqueue outside of it");
	}

	// Not left to the transaction manager: it would not recognize the connection of a
	// transaction that JPA or JTA began.
	@SuppressWarnings("NullAway") // the callback returns what the supplier does
	private <T> T execute(Supplier<T> statements) {
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			return statements.get();
		}
		return this.ownTransaction.execute((status) -> statements.get());
	}

}
