package io.jobstarter.autoconfigure;

import javax.sql.DataSource;

import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.store.jdbc.PostgresListener;
import io.jobstarter.store.jdbc.PostgresNotifier;
import io.jobstarter.worker.JobWorker;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops NOTIFY and LISTEN. They start before the worker and stop after it:
 * what it gives back at the end is announced to the other nodes.
 */
final class Notifications implements SmartLifecycle {

	private final @Nullable PostgresNotifier notifier;

	private final @Nullable PostgresListener listener;

	private volatile boolean running;

	private Notifications(@Nullable PostgresNotifier notifier, @Nullable PostgresListener listener) {
		this.notifier = notifier;
		this.listener = listener;
	}

	static Notifications of(JdbcStores stores, EngineConnections connections, WakeUpHub wakeUps,
			@Nullable JobWorker worker) {
		PostgresNotifier notifier = stores.notifier().orElse(null);
		if (notifier != null) {
			wakeUps.add(notifier);
		}
		DataSource direct = connections.listenDataSource();
		PostgresListener listener = (direct != null && worker != null) ? stores.listener(direct, worker).orElse(null)
				: null;
		return new Notifications(notifier, listener);
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

	@Override
	public synchronized void start() {
		if (this.running) {
			return;
		}
		if (this.notifier != null) {
			this.notifier.start();
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
