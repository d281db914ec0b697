package io.jobstarter.operations;

import java.util.function.Supplier;

import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.support.JoinedTransaction;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transaction of an operator: the caller's, or one of its own.
 */
final class OperatorTransaction {

	private final JoinedTransaction transaction;

	OperatorTransaction(PlatformTransactionManager transactionManager, OperationsStore store) {
		this.transaction = new JoinedTransaction(transactionManager, store::isInTransaction);
	}

	<T> T reading(Supplier<T> action) {
		return this.transaction.execute(action);
	}

	<T> T changing(Supplier<T> action) {
		if (TransactionSynchronizationManager.isCurrentTransactionReadOnly() && !this.transaction.isForeign()) {
			throw new ReadOnlyTransactionException(
					"A job cannot be changed in a read-only transaction: make it read-write, or call from outside");
		}
		return this.transaction.execute(action);
	}

}
