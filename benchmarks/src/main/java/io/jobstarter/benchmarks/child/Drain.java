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
