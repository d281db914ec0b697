package io.jobstarter.benchmarks.suite;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.child.ChildJvm;

/**
 * What suites do with workers.
 */
final class Workers {

	private static final List<String> PERCENTILES = List.of("p50", "p95", "p99");

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
	 * Waits until all that was enqueued has run.
	 * @param bench the bench
	 * @param worker the worker
	 * @param scenario what was done
	 * @return whether it has; if not, that is remarked
	 */
	static boolean settle(Bench bench, ChildJvm worker, String scenario) {
		boolean all = worker.call("await", "count", 0, "millis", PATIENCE / 2).get("all").asBoolean();
		if (!all) {
			bench.remark(scenario + ": jobs are left that did not run in the next " + PATIENCE / 2_000 + " s");
		}
		return all;
	}

	/**
	 * Tells whether nothing is left to run.
	 * @param worker the worker
	 * @return whether that is so
	 */
	static boolean isEmpty(ChildJvm worker) {
		return worker.call("await", "count", 0, "millis", 0).get("all").asBoolean();
	}

	/**
	 * Records how long jobs waited.
	 * @param bench the bench
	 * @param scenario what was done
	 * @param worker who ran them
	 * @param from the first number
	 * @param to the number behind the last
	 */
	static void waits(Bench bench, String scenario, ChildJvm worker, int from, int to) {
		JsonNode waits = worker.call("waits", "from", from, "to", to);
		for (String percentile : PERCENTILES) {
			bench.record(scenario, "wait " + percentile + " ms", waits.get(percentile).asInt() / 1e3);
		}
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
