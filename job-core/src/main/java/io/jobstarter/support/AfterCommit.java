package io.jobstarter.support;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Runs something once the transaction of the calling thread is committed, or at once
 * where there is none. The user's connection is still held then: what runs does no I/O.
 */
public final class AfterCommit {

	private static final Log logger = LogFactory.getLog(AfterCommit.class);

	private AfterCommit() {
	}

	/**
	 * Runs an action after the commit, never after a rollback, be it of a savepoint.
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
	 * Runs an action once after the commit, on all items that it was given in the course
	 * of the transaction and that no savepoint took back. Other than with {@link #run},
	 * it may do I/O, though not on the connection of that transaction.
	 * @param <T> what the items are
	 * @param action what to run, told apart by its identity; must not throw
	 * @param items its next items
	 */
	public static <T> void together(Consumer<List<T>> action, List<T> items) {
		run(new Share<>(action, items));
	}

	/**
	 * Tells whether the transaction of the calling thread is committed already and is
	 * running its actions: what joined it now might not be kept.
	 * @return whether it is over
	 */
	public static boolean isCommitted() {
		return TransactionSynchronizationManager.getResource(Actions.class) instanceof Actions actions
				&& actions.committed;
	}

	/**
	 * The actions of one transaction: one synchronization, however many jobs it enqueues.
	 */
	private static final class Actions implements TransactionSynchronization {

		private final List<Runnable> actions = new ArrayList<>();

		/** How many actions there were when a savepoint was set. */
		private final Map<Object, Integer> savepoints = new IdentityHashMap<>();

		private boolean committed;

		private @Nullable Actions suspended;

		void add(Runnable action) {
			// By an action, or by somebody else's that runs after the commit.
			if (this.committed) {
				action.run();
			}
			else {
				this.actions.add(action);
			}
		}

		@Override
		public void savepoint(Object savepoint) {
			this.savepoints.put(savepoint, this.actions.size());
		}

		@Override
		public void savepointRollback(Object savepoint) {
			int before = this.savepoints.getOrDefault(savepoint, 0);
			this.actions.subList(Math.min(before, this.actions.size()), this.actions.size()).clear();
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
			this.committed = true;
			merged().forEach(Runnable::run);
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(Actions.class);
			// One that was registered after the commit is told of its end only.
			if (status == STATUS_COMMITTED && !this.committed) {
				if (!this.actions.stream().allMatch(Share.class::isInstance)) {
					logger.warn("Jobs were enqueued or changed by what runs after the commit of a transaction, and are "
							+ "lost unless the pool commits each statement: let an AFTER_COMMIT listener use "
							+ "REQUIRES_NEW");
				}
				afterCommit();
			}
		}

		private List<Runnable> merged() {
			List<Runnable> merged = new ArrayList<>();
			Map<Object, Share<?>> shares = new IdentityHashMap<>();
			for (Runnable action : this.actions) {
				Share<?> first = (action instanceof Share<?> share) ? shares.putIfAbsent(share.action, share) : null;
				if (first != null) {
					first.add((Share<?>) action);
				}
				else {
					merged.add(action);
				}
			}
			return merged;
		}

	}

	/**
	 * What one call adds to an action that runs once.
	 */
	private static final class Share<T> implements Runnable {

		private final Consumer<List<T>> action;

		private final List<T> items;

		Share(Consumer<List<T>> action, List<T> items) {
			this.action = action;
			this.items = new ArrayList<>(items);
		}

		// Of the same action, so that its items are of the same type.
		@SuppressWarnings("unchecked")
		void add(Share<?> other) {
			this.items.addAll((List<T>) other.items);
		}

		@Override
		public void run() {
			this.action.accept(this.items);
		}

	}

}
