package io.jobstarter.benchmarks.child;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Some threads that do the same.
 */
final class Team {

	private Team() {
	}

	/**
	 * Runs a task in each of some threads until all are done.
	 * @param threads how many threads
	 * @param task what each does
	 * @param meanwhile what this thread does meanwhile
	 * @throws IllegalStateException if a task failed
	 */
	static void run(int threads, Runnable task, Runnable meanwhile) throws InterruptedException {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int index = 0; index < threads; index++) {
				all.add(executor.submit(task));
			}
			meanwhile.run();
			for (Future<?> each : all) {
				each.get();
			}
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		finally {
			executor.shutdown();
		}
	}

}
