package io.jobstarter.benchmarks;

import java.util.List;

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
 * @param backlogs how many jobs are ready while a job's cost is measured
 * @param scheduledAhead how many wait for their time meanwhile
 * @param slice how many are run then
 * @param snapshotMillis how long an old snapshot is held, or 0 for not at all
 * @param historyRows how many jobs are over already, or 0 for none
 * @param idleMillis how long an idle engine is watched
 */
public record Plan(String name, int rounds, int jobs, double warmUpShare, int singleMillis, int drainMillis,
		int mixedMillis, int latencyMillis, int lanesJobs, List<Integer> backlogs, int scheduledAhead, int slice,
		int snapshotMillis, int historyRows, int idleMillis) {

	/**
	 * About 20 minutes on two cores.
	 * @return the plan
	 */
	static Plan quick() {
		return new Plan("quick", 3, 50_000, 3, 1_000, 5_000, 3_000, 1_500, 50_000, List.of(10_000, 100_000, 1_000_000),
				1_000_000, 5_000, 0, 0, 5_000);
	}

	/**
	 * At most two hours on two cores.
	 * @return the plan
	 */
	static Plan full() {
		return new Plan("full", 3, 50_000, 3, 5_000, 20_000, 20_000, 10_000, 50_000,
				List.of(10_000, 100_000, 1_000_000, 5_000_000), 1_000_000, 10_000, 120_000, 10_000_000, 20_000);
	}

	/**
	 * Some seconds, to see that everything runs.
	 * @return the plan
	 */
	static Plan smoke() {
		return new Plan("smoke", 1, 500, 0.01, 200, 2_000, 300, 300, 500, List.of(1_000), 1_000, 200, 0, 1_000, 500);
	}

	/**
	 * How long the sustained load goes on before it is measured: the code of all that
	 * takes part has to be compiled.
	 * @return the time in milliseconds
	 */
	public int rampMillis() {
		return Math.min(2 * this.mixedMillis, 8_000);
	}

	/**
	 * Tells whether this is only to see that everything runs.
	 * @return whether it is
	 */
	public boolean isSmall() {
		return this.rounds == 1;
	}

	/**
	 * Tells whether time is short.
	 * @return whether it is
	 */
	public boolean isQuick() {
		return this.name.equals("quick");
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
