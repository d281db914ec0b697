package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.jobstarter.support.CleanText;
import io.jobstarter.support.SupervisedLoop;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ReflectionUtils;

/**
 * Does all periodic duties of a node in one thread. One that fails does not keep the
 * others from being done.
 */
public final class MaintenanceRunner implements SmartLifecycle {

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

	private static final Duration LOOP_STOP = Duration.ofSeconds(5);

	private static final int MAX_FAILURE = 1_000;

	private final List<Entry> entries = new ArrayList<>();

	private final Duration maxBackoff;

	private final int phase;

	private volatile @Nullable SupervisedLoop loop;

	private volatile BooleanSupplier autoStartup = () -> true;

	/**
	 * Makes a runner.
	 * @param duties what to do
	 * @param maxBackoff the longest wait between two rounds that fail
	 * @param phase when Spring starts and stops it
	 */
	public MaintenanceRunner(List<MaintenanceDuty> duties, Duration maxBackoff, int phase) {
		duties.forEach(this::add);
		this.maxBackoff = maxBackoff;
		this.phase = phase;
	}

	private void add(MaintenanceDuty duty) {
		Entry entry = new Entry(duty);
		this.entries.add(entry);
		duty.hurriedBy(() -> hurry(entry));
	}

	private void hurry(Entry entry) {
		entry.hurry();
		SupervisedLoop loop = this.loop;
		if (loop != null) {
			loop.wake();
		}
	}

	@Override
	public synchronized void start() {
		if (this.loop == null) {
			SupervisedLoop loop = new SupervisedLoop("background-jobs-maintenance", this.maxBackoff, this::runDue);
			loop.start();
			this.loop = loop;
		}
	}

	@Override
	public synchronized void stop() {
		SupervisedLoop loop = this.loop;
		if (loop != null) {
			loop.requestStop();
			loop.awaitStop(LOOP_STOP);
			this.loop = null;
		}
	}

	/**
	 * Says when Spring is to start this by itself.
	 * @param autoStartup asked when the application context has been refreshed; without
	 * it, always
	 */
	public void autoStartupIf(BooleanSupplier autoStartup) {
		this.autoStartup = autoStartup;
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup.getAsBoolean();
	}

	@Override
	public boolean isRunning() {
		return this.loop != null;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

	/**
	 * Tells how the thread does, and of its duties the one that has failed most often in
	 * a row.
	 * @return its condition, or empty if it does not run
	 */
	public Optional<SupervisedLoop.Condition> condition() {
		return Optional.ofNullable(this.loop).map(SupervisedLoop::condition).map(this::withFailuresOfDuties);
	}

	// Between two rounds of a failing duty there are rounds in which it is not due, which
	// are good ones to the loop.
	private SupervisedLoop.Condition withFailuresOfDuties(SupervisedLoop.Condition condition) {
		return this.entries.stream()
			.max(Comparator.comparingInt(Entry::failuresInARow))
			.filter((entry) -> entry.failuresInARow() > 0)
			.map((entry) -> new SupervisedLoop.Condition(condition.name(), condition.alive(), entry.failuresInARow(),
					entry.lastFailure()))
			.orElse(condition);
	}

	private Duration runDue() throws Exception {
		Throwable failure = null;
		for (Entry entry : this.entries) {
			Throwable failed = entry.runIfDue();
			failure = (failure != null) ? failure : failed;
		}
		if (failure != null) {
			ReflectionUtils.rethrowException(failure);
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

		private volatile boolean hurried;

		private volatile int failuresInARow;

		private volatile @Nullable String lastFailure;

		Entry(MaintenanceDuty duty) {
			this.duty = duty;
		}

		int failuresInARow() {
			return this.failuresInARow;
		}

		@Nullable String lastFailure() {
			return this.lastFailure;
		}

		@Nullable Throwable runIfDue() {
			if (nanosUntilDue() > 0) {
				return null;
			}
			this.hurried = false;
			try {
				wait(this.duty.run());
				this.lastFailure = null;
				this.failuresInARow = 0;
				return null;
			}
			catch (Throwable ex) {
				wait(AFTER_FAILURE);
				this.lastFailure = CleanText.oneLine(ex, MAX_FAILURE);
				this.failuresInARow++;
				return ex;
			}
		}

		long nanosUntilDue() {
			return this.hurried ? 0 : this.dueAt - System.nanoTime();
		}

		// In the middle of a round: another one follows.
		void hurry() {
			this.hurried = true;
		}

		private void wait(Duration delay) {
			this.dueAt = System.nanoTime() + delay.toNanos();
		}

	}

}
