package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells those who do something periodically on this node that there is more to do.
 */
final class Signal {

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	void add(Runnable listener) {
		this.listeners.add(listener);
	}

	void raise() {
		this.listeners.forEach(Runnable::run);
	}

}
