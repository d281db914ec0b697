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

	private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(20);

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

	private final Engine engine;

	Share(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Runs jobs.
	 * @param millis how long at most
	 * @return the bodies here, and the times of the first and the last by the system's
	 * clock
	 */
	Map<String, Object> run(int millis) {
		Usage usage = Usage.start();
		long start = System.nanoTime();
		this.engine.resume();
		int bodies = Tally.bodies();
		long last = start;
		boolean pending = true;
		while (pending && !isOver(start, millis)) {
			LockSupport.parkNanos(LOOK_EVERY);
			int now = Tally.bodies();
			// The database is asked only if nothing comes: to ask costs it something.
			pending = now != bodies || this.engine.hasPending();
			last = (now != bodies) ? System.nanoTime() : last;
			bodies = now;
		}
		if (pending) {
			this.engine.pause();
		}
		long first = (bodies > 0) ? Tally.firstAt() : last;
		return usage.stop(Map.of("count", bodies, "all", !pending, "first", clock(first), "end", clock(last)));
	}

	private static long clock(long nanoTime) {
		return Work.micros() - TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - nanoTime);
	}

	private static boolean isOver(long start, int millis) {
		long first = Tally.firstAt();
		// A poll may be some seconds away, and the other JVM may take all.
		long begin = (first != 0) ? first : start + PATIENCE;
		return System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(millis);
	}

}
