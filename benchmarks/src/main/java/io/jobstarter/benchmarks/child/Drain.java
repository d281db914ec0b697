package io.jobstarter.benchmarks.child;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.jobstarter.benchmarks.engine.Engine;
import io.jobstarter.benchmarks.engine.Tally;

/**
 * Runs jobs that are there, from the start of the first until they are all over, so that
 * what an engine writes after a job is part of it; or until the time is up.
 */
final class Drain {

	private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(5);

	// Longer than an engine takes to learn that it is to pause.
	private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(1_500);

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

	private final Engine engine;

	Drain(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Runs jobs.
	 * @param count how many there are
	 * @param millis how long, from the first on, if they are more than can be run
	 * @return what it took
	 */
	Map<String, Object> run(int count, int millis) {
		int before = Tally.bodies();
		Usage usage = Usage.start();
		this.engine.resume();
		await(() -> Tally.bodies() > before, System.nanoTime() + PATIENCE);
		long first = (before == 0) ? Tally.firstAt() : usage.startedAt();
		long end = first + TimeUnit.MILLISECONDS.toNanos(millis);
		boolean all = await(() -> Tally.bodies() - before >= count, end);
		int ran = Tally.bodies() - before;
		long last = System.nanoTime();
		if (all && await(() -> !this.engine.hasPending(), last + PATIENCE)) {
			last = System.nanoTime();
		}
		else {
			this.engine.pause();
		}
		return usage.stop(first, last, Map.of("count", ran, "all", all));
	}

	/**
	 * Runs some of the jobs that are there and leaves the rest.
	 * @param count how many at least; an engine may take a moment to stop
	 * @param millis how long at most
	 * @return what it took for those that ran
	 */
	Map<String, Object> slice(int count, int millis) {
		int before = Tally.bodies();
		Usage usage = Usage.start();
		this.engine.resume();
		await(() -> Tally.bodies() > before, System.nanoTime() + PATIENCE);
		int started = Tally.bodies() - before;
		long first = System.nanoTime();
		await(() -> Tally.bodies() - before >= count, first + TimeUnit.MILLISECONDS.toNanos(millis));
		int counted = Tally.bodies() - before - started;
		long last = System.nanoTime();
		this.engine.pause();
		awaitQuiet();
		int ran = Tally.bodies() - before;
		long nanos = (long) ((double) (last - first) * ran / Math.max(counted, 1));
		return usage.stop(first, first + nanos, Map.of("count", ran));
	}

	private static void awaitQuiet() {
		int seen = -1;
		while (seen != Tally.bodies()) {
			seen = Tally.bodies();
			LockSupport.parkNanos(QUIET);
		}
	}

	/**
	 * Waits until nothing is left to run.
	 * @param count how many bodies have run by then in this JVM
	 * @param millis how long at most
	 * @return whether it came to that
	 */
	boolean awaitEmpty(int count, int millis) {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		return await(() -> Tally.bodies() >= count, end) && await(() -> !this.engine.hasPending(), end);
	}

	private static boolean await(BooleanSupplier condition, long end) {
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() >= end) {
				return false;
			}
			LockSupport.parkNanos(LOOK_EVERY);
		}
		return true;
	}

}
