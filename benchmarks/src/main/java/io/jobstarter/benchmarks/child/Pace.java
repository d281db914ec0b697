package io.jobstarter.benchmarks.child;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.jobstarter.benchmarks.engine.Engine;
import io.jobstarter.benchmarks.engine.Tally;
import io.jobstarter.benchmarks.engine.Work;

/**
 * Threads that enqueue at a fixed rate, whether or not the engine keeps up: each job has
 * its time, shifted a little, so that nothing runs in step with an engine's polls.
 */
final class Pace {

	private final Engine engine;

	private final int from;

	private final double nanosPerJob;

	private final int windowMillis;

	private final AtomicInteger next = new AtomicInteger();

	private final List<Integer> windows = new ArrayList<>();

	Pace(Engine engine, int rate, int from, int windowMillis) {
		this.engine = engine;
		this.from = from;
		this.nanosPerJob = 1e9 / rate;
		this.windowMillis = windowMillis;
	}

	void run(int threads, int millis) throws InterruptedException {
		long start = System.nanoTime();
		int jobs = (int) (TimeUnit.MILLISECONDS.toNanos(millis) / this.nanosPerJob);
		Team.run(threads, () -> enqueue(start, jobs), () -> watch(start, millis));
	}

	private void enqueue(long start, int jobs) {
		for (int index = this.next.getAndIncrement(); index < jobs; index = this.next.getAndIncrement()) {
			double shift = ThreadLocalRandom.current().nextDouble(0.5);
			sleepUntil(start + (long) ((index + shift) * this.nanosPerJob));
			this.engine.enqueue(Work.now(this.from + index));
		}
		this.next.decrementAndGet();
	}

	private void watch(long start, int millis) {
		int before = Tally.bodies();
		for (long end = this.windowMillis; end <= millis; end += this.windowMillis) {
			sleepUntil(start + TimeUnit.MILLISECONDS.toNanos(end));
			int now = Tally.bodies();
			this.windows.add(now - before);
			before = now;
		}
	}

	private static void sleepUntil(long time) {
		for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	int enqueued() {
		return this.next.get();
	}

	List<Integer> windows() {
		return this.windows;
	}

}
