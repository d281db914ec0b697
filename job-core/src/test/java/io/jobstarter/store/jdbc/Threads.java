package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs things in other threads.
 */
final class Threads {

	private Threads() {
	}

	static void inOther(Runnable action) {
		together(1, () -> {
			action.run();
			return null;
		});
	}

	/**
	 * Lets several threads do the same at the same time.
	 * @param threads how many
	 * @param action what each does
	 * @return what they returned
	 */
	static <T> List<T> together(int threads, Callable<T> action) {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			CyclicBarrier start = new CyclicBarrier(threads);
			List<Future<T>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				futures.add(executor.submit(() -> {
					start.await();
					return action.call();
				}));
			}
			return results(futures);
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static <T> List<T> results(List<Future<T>> futures) {
		List<T> results = new ArrayList<>();
		for (Future<T> future : futures) {
			try {
				results.add(future.get());
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException(ex.getCause());
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return results;
	}

}
