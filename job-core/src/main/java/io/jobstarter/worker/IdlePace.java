package io.jobstarter.worker;

import java.time.Duration;

/**
 * How often a node looks for jobs: once a poll interval, and step by step more seldom
 * while it finds none and hears what other nodes announce.
 */
final class IdlePace {

	/** How many poll intervals pass between two looks at most. */
	static final int LONGEST = 5;

	private final Duration pollInterval;

	private volatile boolean announced;

	private volatile int intervals = 1;

	IdlePace(Duration pollInterval) {
		this.pollInterval = pollInterval;
	}

	/**
	 * Says whether what other nodes announce arrives.
	 * @param announced whether it does
	 */
	void announced(boolean announced) {
		this.announced = announced;
		this.intervals = 1;
	}

	void sawJobs() {
		this.intervals = 1;
	}

	void sawNothing() {
		this.intervals = Math.min(LONGEST, this.intervals + 1);
	}

	boolean isAnnounced() {
		return this.announced;
	}

	/**
	 * How long after a look the next one is due.
	 * @return the interval
	 */
	Duration interval() {
		return this.announced ? this.pollInterval.multipliedBy(this.intervals) : this.pollInterval;
	}

}
