package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.child.ChildJvm;

/**
 * What suites do with workers.
 */
final class Workers {

	private static final int PATIENCE = 60_000;

	private Workers() {
	}

	/**
	 * Has a worker run jobs until its code is compiled, and stop then.
	 * @param bench the bench
	 * @param worker the worker
	 */
	static void warmUp(Bench bench, ChildJvm worker) {
		int jobs = bench.warmUp();
		worker.call("reset", "capacity", jobs);
		worker.call("pause");
		load(worker, 0, jobs);
		worker.call("drain", "count", jobs, "millis", PATIENCE);
		worker.call("pause");
	}

	static void load(ChildJvm worker, int from, int jobs) {
		worker.call("load", "as", "ready", "from", from, "count", jobs);
	}

	/**
	 * Records how many bodies ran twice, and remarks jobs that did not run.
	 * @param bench the bench
	 * @param scenario what was done
	 * @param worker who ran them
	 * @param jobs how many there were
	 * @param drain the answer to the drain
	 */
	static void check(Bench bench, String scenario, ChildJvm worker, int jobs, JsonNode drain) {
		JsonNode tally = worker.call("tally");
		bench.record(scenario, "duplicates", tally.get("repeated").asInt());
		if (!drain.get("all").asBoolean()) {
			bench.remark(
					scenario + ": " + tally.get("bodies").asInt() + " of " + jobs + " jobs run when the time was up");
		}
	}

}
