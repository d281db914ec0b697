package io.jobstarter.benchmarks.child;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.jobstarter.benchmarks.engine.JobStarterEngine;
import io.jobstarter.benchmarks.engine.Tally;
import io.jobstarter.benchmarks.engine.Work;

/**
 * Tenants that share a queue: one has many jobs waiting, the other a few now and then,
 * and what is looked at is how long these wait.
 */
final class Tenants {

	private static final String LARGE = "large tenant";

	private static final String SMALL = "small tenant";

	/** Numbers that are not looked at. */
	private static final int UNSEEN = 10_000_000;

	private static final int CHUNK = 10_000;

	private static final long LOOK_EVERY = TimeUnit.MICROSECONDS.toNanos(500);

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

	private static final long BETWEEN = TimeUnit.MILLISECONDS.toNanos(300);

	private final JobStarterEngine engine;

	Tenants(JobStarterEngine engine) {
		this.engine = engine;
	}

	/**
	 * Gives the large tenant its jobs.
	 * @param count how many
	 * @param millis how long each takes
	 * @return nothing
	 */
	Map<String, Object> load(int count, int millis) {
		for (int start = 0; start < count; start += CHUNK) {
			this.engine.enqueueFor(LARGE, millis, works(UNSEEN + start, Math.min(CHUNK, count - start)));
		}
		return Map.of();
	}

	/**
	 * Lets the small tenant enqueue, again and again.
	 * @param rounds how often
	 * @param count how many jobs each time
	 * @param millis how long each takes
	 * @return medians of the rounds, in microseconds: how long its jobs waited on
	 * average, how long the last one did, and when all were done
	 */
	Map<String, Object> waits(int rounds, int count, int millis) {
		int[] average = new int[rounds];
		int[] last = new int[rounds];
		Tally.reset(rounds * count);
		for (int round = 0; round < rounds; round++) {
			int from = round * count;
			this.engine.enqueueFor(SMALL, millis, works(from, count));
			awaitAll(from, count);
			int[] waits = Tally.waits(from, from + count);
			average[round] = (int) Arrays.stream(waits).average().orElse(0);
			last[round] = waits[waits.length - 1];
			LockSupport.parkNanos(BETWEEN + TimeUnit.MILLISECONDS.toNanos(millis));
		}
		return Map.of("average", median(average), "last", median(last), "done", median(last) + 1_000 * millis);
	}

	private static void awaitAll(int from, int count) {
		long end = System.nanoTime() + PATIENCE;
		while (Tally.waits(from, from + count).length < count) {
			if (System.nanoTime() > end) {
				throw new IllegalStateException("The jobs of the small tenant do not run");
			}
			LockSupport.parkNanos(LOOK_EVERY);
		}
	}

	private static int median(int[] values) {
		int[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	private static List<Work> works(int from, int count) {
		return IntStream.range(from, from + count).mapToObj(Work::now).toList();
	}

}
