package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells those who go on with redrives on this node of one that it made.
 */
final class RedriveSignal {

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	void add(Runnable listener) {
		this.listeners.add(listener);
	}

	void raise() {
		this.listeners.forEach(Runnable::run);
	}

}
