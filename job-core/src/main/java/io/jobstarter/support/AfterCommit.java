package io.jobstarter.support;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Runs something once the transaction of the calling thread is committed, or at once
 * where there is none. The user's connection is still held then: what runs does no I/O.
 */
public final class AfterCommit {

	private AfterCommit() {
	}

	/**
	 * Runs an action after the commit, never after a rollback.
	 * @param action what to run; must not throw
	 */
	public static void run(Runnable action) {
		if (!TransactionSynchronizationManager.isSynchronizationActive()) {
			action.run();
			return;
		}
		Actions actions = (Actions) TransactionSynchronizationManager.getResource(Actions.class);
		if (actions == null) {
			actions = new Actions();
			TransactionSynchronizationManager.bindResource(Actions.class, actions);
			TransactionSynchronizationManager.registerSynchronization(actions);
		}
		actions.add(action);
	}

	/**
	 * The actions of one transaction: one synchronization, however many jobs it enqueues.
	 */
	private static final class Actions implements TransactionSynchronization {

		private final List<Runnable> actions = new ArrayList<>();

		private @Nullable Actions suspended;

		void add(Runnable action) {
			this.actions.add(action);
		}

		@Override
		public void suspend() {
			this.suspended = (Actions) TransactionSynchronizationManager.unbindResourceIfPossible(Actions.class);
		}

		@Override
		public void resume() {
			if (this.suspended != null) {
				TransactionSynchronizationManager.bindResource(Actions.class, this.suspended);
			}
		}

		@Override
		public void afterCommit() {
			this.actions.forEach(Runnable::run);
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(Actions.class);
		}

	}

}
