package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.store.jdbc.PostgresListener;
import io.jobstarter.store.jdbc.PostgresNotifier;
import io.jobstarter.support.SupervisedLoop;
import io.jobstarter.worker.JobWorker;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops NOTIFY and LISTEN. They start before the worker and stop after it:
 * what it gives back at the end is announced to the other nodes.
 */
final class Notifications implements SmartLifecycle {

	private final @Nullable PostgresNotifier notifier;

	private final Supplier<Optional<PostgresListener>> listenerOfThisNode;

	private volatile @Nullable PostgresListener listener;

	private volatile BooleanSupplier autoStartup = () -> true;

	private volatile boolean running;

	private Notifications(@Nullable PostgresNotifier notifier, Supplier<Optional<PostgresListener>> listener) {
		this.notifier = notifier;
		this.listenerOfThisNode = listener;
	}

	// The worker is not asked for before the start: a bean that an instance supplier asks
	// for, as generated code is one, counts as a dependency of the bean that is made.
	// Spring would then stop these along with the worker, and not wait for the worker.
	static Notifications of(JdbcStores stores, EngineConnections connections, WakeUpHub wakeUps,
			ObjectProvider<JobWorker> workers) {
		PostgresNotifier notifier = stores.notifier().orElse(null);
		if (notifier != null) {
			wakeUps.add(notifier);
		}
		wakeUps.add(stores.dueWatch());
		return new Notifications(notifier, () -> {
			DataSource direct = connections.listenDataSource();
			JobWorker worker = workers.getIfAvailable();
			if (direct == null || worker == null) {
				return Optional.empty();
			}
			WakeUpHub local = new WakeUpHub();
			local.add(worker);
			local.add(stores.dueWatch());
			return stores.listener(direct, local);
		});
	}

	/**
	 * Whether other nodes are told of jobs that this one enqueues.
	 * @return whether the database has NOTIFY
	 */
	boolean areSent() {
		return this.notifier != null;
	}

	@Nullable PostgresListener listener() {
		return this.listener;
	}

	/**
	 * Says when Spring is to start this by itself.
	 * @param autoStartup asked when the application context has been refreshed
	 */
	void autoStartupIf(BooleanSupplier autoStartup) {
		this.autoStartup = autoStartup;
	}

	/**
	 * Tells how the threads do.
	 * @return their conditions, as far as there are any
	 */
	List<SupervisedLoop.Condition> conditions() {
		PostgresListener listener = this.listener;
		return (this.notifier == null || !this.running) ? List.of() : (listener == null)
				? List.of(this.notifier.condition()) : List.of(this.notifier.condition(), listener.condition());
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup.getAsBoolean();
	}

	@Override
	public synchronized void start() {
		if (this.running) {
			return;
		}
		if (this.notifier != null) {
			this.notifier.start();
		}
		if (this.listener == null) {
			this.listener = this.listenerOfThisNode.get().orElse(null);
		}
		if (this.listener != null) {
			this.listener.start();
		}
		this.running = true;
	}

	@Override
	public synchronized void stop() {
		if (!this.running) {
			return;
		}
		if (this.listener != null) {
			this.listener.stop();
		}
		if (this.notifier != null) {
			this.notifier.stop();
		}
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return JobWorker.PHASE - 512;
	}

}
