package io.jobstarter.benchmarks.engine;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts every body that runs in this JVM, by the number of its job, and how long each
 * has waited.
 */
public final class Tally {

	private static volatile Counts counts = new Counts(0);

	private Tally() {
	}

	/**
	 * Forgets everything and counts the numbers below a limit from now on. No job may be
	 * waiting.
	 * @param capacity how many numbers there are
	 */
	public static void reset(int capacity) {
		counts = new Counts(capacity);
	}

	/**
	 * Counts a body. All engines call it, and nothing else, in theirs.
	 * @param work the job
	 */
	public static void ran(Work work) {
		counts.add(work.number(), Work.micros() - work.sentAt());
	}

	/**
	 * How many bodies have run.
	 * @return the number, repeated bodies included
	 */
	public static int bodies() {
		return counts.bodies.get();
	}

	/**
	 * How many bodies ran for a job that had run before in this JVM.
	 * @return the number
	 */
	public static int repeated() {
		return counts.repeated.get();
	}

	/**
	 * When the first body ran.
	 * @return the time by {@link System#nanoTime()}, or 0 if none has run
	 */
	public static long firstAt() {
		return counts.firstAt.get();
	}

	/**
	 * Which jobs have run.
	 * @return their numbers
	 */
	public static BitSet numbers() {
		return counts.numbers();
	}

	/**
	 * How long jobs have waited from just before their enqueue to the start of their
	 * body.
	 * @param from the first number
	 * @param to the number behind the last
	 * @return the waits of those that have run, in microseconds, sorted
	 */
	public static int[] waits(int from, int to) {
		return counts.waits(from, to);
	}

	private static final class Counts {

		private final AtomicIntegerArray runs;

		private final AtomicIntegerArray waits;

		private final AtomicInteger bodies = new AtomicInteger();

		private final AtomicInteger repeated = new AtomicInteger();

		private final AtomicLong firstAt = new AtomicLong();

		Counts(int capacity) {
			this.runs = new AtomicIntegerArray(capacity);
			this.waits = new AtomicIntegerArray(capacity);
		}

		void add(int number, long wait) {
			if (this.firstAt.get() == 0) {
				this.firstAt.compareAndSet(0, System.nanoTime());
			}
			if (number < this.runs.length()) {
				if (this.runs.getAndIncrement(number) > 0) {
					this.repeated.incrementAndGet();
				}
				else {
					this.waits.set(number, (int) Math.min(wait, Integer.MAX_VALUE));
				}
			}
			// Last: who reads it reads what belongs to it as well.
			this.bodies.incrementAndGet();
		}

		BitSet numbers() {
			BitSet numbers = new BitSet(this.runs.length());
			for (int number = 0; number < this.runs.length(); number++) {
				numbers.set(number, this.runs.get(number) > 0);
			}
			return numbers;
		}

		int[] waits(int from, int to) {
			int[] found = new int[to - from];
			int size = 0;
			for (int number = from; number < to; number++) {
				if (this.runs.get(number) > 0) {
					found[size++] = this.waits.get(number);
				}
			}
			int[] sorted = Arrays.copyOf(found, size);
			Arrays.sort(sorted);
			return sorted;
		}

	}

}
