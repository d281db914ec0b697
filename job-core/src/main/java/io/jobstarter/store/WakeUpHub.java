package io.jobstarter.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hands wake-ups on to whoever wants to hear them: the worker of this node, and what
 * tells the other nodes.
 */
public final class WakeUpHub implements WakeUp {

	private final List<WakeUp> targets = new CopyOnWriteArrayList<>();

	/**
	 * Adds somebody who wants to hear.
	 * @param target the target
	 */
	public void add(WakeUp target) {
		this.targets.add(target);
	}

	@Override
	public void ready(Lane lane) {
		for (WakeUp target : this.targets) {
			target.ready(lane);
		}
	}

	@Override
	public void circuitsChanged() {
		for (WakeUp target : this.targets) {
			target.circuitsChanged();
		}
	}

	@Override
	public void scheduled() {
		for (WakeUp target : this.targets) {
			target.scheduled();
		}
	}

	@Override
	public void announced(boolean arrives) {
		for (WakeUp target : this.targets) {
			target.announced(arrives);
		}
	}

}
