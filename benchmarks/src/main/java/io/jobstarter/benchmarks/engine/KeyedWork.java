package io.jobstarter.benchmarks.engine;

import io.jobstarter.BackgroundJob;
import io.jobstarter.InOrder;
import io.jobstarter.LimitConcurrency;

/**
 * A job as {@link Work}, with a key and a body that takes a while. Its types differ in
 * what the key is good for, and in nothing else.
 */
sealed interface KeyedWork {

	/**
	 * The job without its key.
	 * @return the job
	 */
	Work work();

	/**
	 * How long its body takes.
	 * @return milliseconds
	 */
	int millis();

	/**
	 * Makes a job.
	 * @param rule what its key is good for: {@code none}, {@code limit} or {@code order}
	 * @param work the job
	 * @param key its key
	 * @param millis how long its body takes
	 * @return the job
	 */
	static KeyedWork of(String rule, Work work, String key, int millis) {
		return switch (rule) {
			case "none" -> new Free(work, key, millis);
			case "limit" -> new Limited(work, key, millis);
			case "order" -> new Ordered(work, key, millis);
			default -> throw new IllegalArgumentException(rule);
		};
	}

	/**
	 * One whose key means nothing.
	 */
	record Free(Work work, String key, int millis) implements KeyedWork {
	}

	/**
	 * One of a key at a time.
	 */
	record Limited(Work work, String key, int millis) implements KeyedWork {
	}

	/**
	 * One after the other.
	 */
	record Ordered(Work work, String key, int millis) implements KeyedWork {
	}

	/**
	 * Counts, and waits.
	 */
	class Handlers {

		@BackgroundJob(queue = JobStarterEngine.QUEUE)
		void free(Free job) throws InterruptedException {
			run(job);
		}

		@BackgroundJob(queue = JobStarterEngine.QUEUE)
		@LimitConcurrency(key = "#{payload.key()}")
		void limited(Limited job) throws InterruptedException {
			run(job);
		}

		@BackgroundJob(queue = JobStarterEngine.QUEUE)
		@InOrder(key = "#{payload.key()}")
		void ordered(Ordered job) throws InterruptedException {
			run(job);
		}

		private static void run(KeyedWork job) throws InterruptedException {
			if (job.millis() > 0) {
				Thread.sleep(job.millis());
			}
			Tally.ran(job.work());
		}

	}

}
