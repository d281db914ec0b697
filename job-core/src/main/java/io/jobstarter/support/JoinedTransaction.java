package io.jobstarter.support;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transaction of the calling thread. Where there is none, or where it is committed
 * already and only tells so, a new one: what joined a committed transaction would be
 * rolled back by a pool without auto-commit.
 */
public final class JoinedTransaction {

	private final BooleanSupplier sameDatabase;

	private final TransactionTemplate joining;

	private final TransactionTemplate starting;

	private final TransactionTemplate asking;

	/**
	 * Joins the transactions of a manager.
	 * @param transactionManager manages them
	 */
	public JoinedTransaction(PlatformTransactionManager transactionManager) {
		this(transactionManager, () -> false);
	}

	/**
	 * Joins the transactions of a manager, and those that another one has begun on the
	 * same database.
	 * @param transactionManager manages them
	 * @param sameDatabase tells whether the transaction of the calling thread is one of
	 * that database, whoever began it
	 */
	public JoinedTransaction(PlatformTransactionManager transactionManager, BooleanSupplier sameDatabase) {
		this.sameDatabase = sameDatabase;
		this.joining = new TransactionTemplate(transactionManager);
		this.starting = new TransactionTemplate(transactionManager);
		this.starting.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.asking = new TransactionTemplate(transactionManager);
		this.asking.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);
	}

	/**
	 * Runs an action in the transaction.
	 * @param <T> what it returns
	 * @param action the action
	 * @return what it returned
	 */
	public <T> T execute(Supplier<T> action) {
		if (isBegunByAnother() && this.sameDatabase.getAsBoolean()) {
			// A manager of JDBC would begin a transaction on JPA's connection, say, and
			// commit it too early.
			return action.get();
		}
		TransactionTemplate transaction = AfterCommit.isCommitted() ? this.starting : this.joining;
		return transaction.execute((status) -> action.get());
	}

	/**
	 * Tells whether the calling thread is in a transaction of another database, which
	 * cannot be joined.
	 * @return whether it is
	 */
	public boolean isForeign() {
		return isBegunByAnother() && !this.sameDatabase.getAsBoolean();
	}

	/**
	 * Tells whether the calling thread is in no transaction, of whatever database, that
	 * Spring or the manager knows of, not even in one that is just ending.
	 * @return whether there is none
	 */
	public boolean isAbsent() {
		return !TransactionSynchronizationManager.isActualTransactionActive()
				&& !TransactionSynchronizationManager.isSynchronizationActive() && !AfterCommit.isCommitted()
				&& !(isBound() && isCurrent());
	}

	// Most managers show their transactions by what they bind, and need not be asked.
	private boolean isBound() {
		return !(this.joining.getTransactionManager() instanceof ResourceTransactionManager manager)
				|| TransactionSynchronizationManager.hasResource(manager.getResourceFactory());
	}

	private boolean isBegunByAnother() {
		return TransactionSynchronizationManager.isActualTransactionActive() && !AfterCommit.isCommitted()
				&& !isCurrent();
	}

	/**
	 * Runs an action in a transaction of its own, whatever the calling thread is in.
	 * @param <T> what it returns
	 * @param action the action
	 * @return what it returned
	 */
	public <T> T executeApart(Supplier<T> action) {
		return this.starting.execute((status) -> action.get());
	}

	/**
	 * Runs an action in a transaction of its own and takes back what it did.
	 * @param <T> what it returns
	 * @param action the action
	 * @return what it returned
	 */
	public <T> T executeAndTakeBack(Supplier<T> action) {
		return this.starting.execute((status) -> {
			status.setRollbackOnly();
			return action.get();
		});
	}

	/**
	 * Tells whether the calling thread is in a transaction of this manager, rather than
	 * in none or in one that only others know of.
	 * @return whether there is one to join
	 */
	public boolean isCurrent() {
		return Boolean.TRUE.equals(this.asking.execute(TransactionExecution::hasTransaction));
	}

}
