package io.jobstarter.benchmarks;

/**
 * How much is measured.
 *
 * @param name what it is called
 * @param rounds how often everything is
 * @param jobs how many jobs a drain and a bulk enqueue have
 * @param warmUpShare the share of an engine's usual warm-up
 * @param singleMillis how long single enqueues take, for each number of threads
 * @param drainMillis how long a drain may take
 * @param mixedMillis how long the sustained load lasts
 * @param latencyMillis how long waits are sampled, for each case
 * @param lanesJobs how many jobs are spread over queues
 */
public record Plan(String name, int rounds, int jobs, double warmUpShare, int singleMillis, int drainMillis,
		int mixedMillis, int latencyMillis, int lanesJobs) {

	/**
	 * At most 15 minutes on two cores.
	 * @return the plan
	 */
	static Plan quick() {
		return new Plan("quick", 3, 50_000, 1, 2_000, 8_000, 4_000, 3_000, 20_000);
	}

	/**
	 * At most two hours on two cores.
	 * @return the plan
	 */
	static Plan full() {
		return new Plan("full", 3, 50_000, 1, 5_000, 20_000, 20_000, 10_000, 50_000);
	}

	/**
	 * Some seconds, to see that everything runs.
	 * @return the plan
	 */
	static Plan smoke() {
		return new Plan("smoke", 1, 500, 0.01, 200, 2_000, 300, 300, 500);
	}

	static Plan named(String name) {
		return switch (name) {
			case "quick" -> quick();
			case "full" -> full();
			case "smoke" -> smoke();
			default ->
				throw new IllegalArgumentException("No such plan: " + name + "; there are quick, full and smoke");
		};
	}

}
