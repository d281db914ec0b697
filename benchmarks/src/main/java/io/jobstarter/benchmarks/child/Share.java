package io.jobstarter.benchmarks.child;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.jobstarter.benchmarks.engine.Engine;
import io.jobstarter.benchmarks.engine.Tally;
import io.jobstarter.benchmarks.engine.Work;

/**
 * Runs jobs that are there together with other JVMs, until none is left.
 */
final class Share {

	// Two JVMs ask, and what they ask is part of what is measured.
	private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(20);

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

	private final Engine engine;

	Share(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Runs jobs.
	 * @param millis how long at most
	 * @return the bodies here, and the times of the first and the end by the system's
	 * clock
	 */
	Map<String, Object> run(int millis) {
		Usage usage = Usage.start();
		long start = System.nanoTime();
		this.engine.resume();
		boolean pending = true;
		while (pending && !isOver(start, millis)) {
			LockSupport.parkNanos(LOOK_EVERY);
			pending = this.engine.hasPending();
		}
		long now = Work.micros();
		int bodies = Tally.bodies();
		if (pending) {
			this.engine.pause();
		}
		long sinceFirst = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - Tally.firstAt());
		return usage
			.stop(Map.of("count", bodies, "all", !pending, "first", (bodies > 0) ? now - sinceFirst : now, "end", now));
	}

	private static boolean isOver(long start, int millis) {
		long first = Tally.firstAt();
		// A poll may be some seconds away, and the other JVM may take all.
		long begin = (first != 0) ? first : start + PATIENCE;
		return System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(millis);
	}

}
