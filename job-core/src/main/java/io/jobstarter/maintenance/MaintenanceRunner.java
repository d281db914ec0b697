package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.jobstarter.support.SupervisedLoop;
import org.jspecify.annotations.Nullable;

/**
 * Does all periodic duties of a node in one thread. One that fails does not keep the
 * others from being done.
 */
public final class MaintenanceRunner {

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

	private final List<Entry> entries = new ArrayList<>();

	private final SupervisedLoop loop;

	/**
	 * Makes a runner.
	 * @param duties what to do
	 * @param maxBackoff the longest wait between two rounds that fail
	 */
	public MaintenanceRunner(List<MaintenanceDuty> duties, Duration maxBackoff) {
		duties.forEach((duty) -> this.entries.add(new Entry(duty)));
		this.loop = new SupervisedLoop("background-jobs-maintenance", maxBackoff, this::runDue);
	}

	/**
	 * Starts the thread.
	 */
	public void start() {
		this.loop.start();
	}

	/**
	 * Ends the thread after the duty that is under way.
	 * @param timeout how long to wait for it
	 */
	public void stop(Duration timeout) {
		this.loop.requestStop();
		this.loop.awaitStop(timeout);
	}

	/**
	 * Tells how the thread does.
	 * @return its condition
	 */
	public SupervisedLoop.Condition condition() {
		return this.loop.condition();
	}

	private Duration runDue() throws Exception {
		Exception failure = null;
		for (Entry entry : this.entries) {
			Exception failed = entry.runIfDue();
			failure = (failure != null) ? failure : failed;
		}
		if (failure != null) {
			throw failure;
		}
		long next = this.entries.stream().mapToLong(Entry::nanosUntilDue).min().orElse(Long.MAX_VALUE);
		return Duration.ofNanos(Math.max(next, 1));
	}

	/**
	 * A duty and when it is due.
	 */
	private static final class Entry {

		private final MaintenanceDuty duty;

		private long dueAt = System.nanoTime();

		Entry(MaintenanceDuty duty) {
			this.duty = duty;
		}

		@Nullable Exception runIfDue() {
			if (nanosUntilDue() > 0) {
				return null;
			}
			try {
				wait(this.duty.run());
				return null;
			}
			catch (Exception ex) {
				wait(AFTER_FAILURE);
				return ex;
			}
		}

		long nanosUntilDue() {
			return this.dueAt - System.nanoTime();
		}

		private void wait(Duration delay) {
			this.dueAt = System.nanoTime() + delay.toNanos();
		}

	}

}
