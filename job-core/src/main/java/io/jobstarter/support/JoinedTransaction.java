package io.jobstarter.support;

import java.util.function.Supplier;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transaction of the calling thread. Where there is none, or where it is committed
 * already and only tells so, a new one: what joined a committed transaction would be
 * rolled back by a pool without auto-commit.
 */
public final class JoinedTransaction {

	private final TransactionTemplate joining;

	private final TransactionTemplate starting;

	/**
	 * Joins the transactions of a manager.
	 * @param transactionManager manages them
	 */
	public JoinedTransaction(PlatformTransactionManager transactionManager) {
		this.joining = new TransactionTemplate(transactionManager);
		this.starting = new TransactionTemplate(transactionManager);
		this.starting.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
	}

	/**
	 * Runs an action in the transaction.
	 * @param <T> what it returns
	 * @param action the action
	 * @return what it returned
	 */
	public <T> T execute(Supplier<T> action) {
		TransactionTemplate transaction = AfterCommit.isCommitted() ? this.starting : this.joining;
		return transaction.execute((status) -> action.get());
	}

}
