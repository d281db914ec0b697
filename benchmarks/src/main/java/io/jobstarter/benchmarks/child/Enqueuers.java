package io.jobstarter.benchmarks.child;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.jobstarter.benchmarks.engine.Engine;
import io.jobstarter.benchmarks.engine.Work;

/**
 * Threads that enqueue one job after the other, each in a transaction of its own.
 */
final class Enqueuers {

	private final Engine engine;

	private final int from;

	private final int to;

	private final AtomicInteger next;

	Enqueuers(Engine engine, int from, int to) {
		this.engine = engine;
		this.from = from;
		this.to = to;
		this.next = new AtomicInteger(from);
	}

	/**
	 * Enqueues as fast as it goes.
	 * @param threads how many threads
	 * @param duration how long, unless the numbers run out
	 */
	void run(int threads, Duration duration) throws InterruptedException {
		long end = System.nanoTime() + duration.toNanos();
		Team.run(threads, () -> enqueueUntil(end), () -> {
		});
	}

	private void enqueueUntil(long end) {
		while (System.nanoTime() < end) {
			int number = this.next.getAndIncrement();
			if (number >= this.to) {
				return;
			}
			this.engine.enqueue(Work.now(number));
		}
	}

	int enqueued() {
		return Math.min(this.next.get(), this.to) - this.from;
	}

}
