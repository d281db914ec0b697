package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;

/**
 * The same jobs in one queue, and spread over 20 queues of five priorities each. No peer
 * has both.
 */
public final class LanesSuite implements Suite {

	@Override
	public String name() {
		return "lanes";
	}

	@Override
	public boolean isFor(EngineKind kind, Plan plan) {
		return kind == EngineKind.JOB_STARTER;
	}

	@Override
	public void run(Bench bench) {
		drain(bench, "1 queue, 1 priority", 1, 1);
		bench.newDatabase();
		drain(bench, "20 queues, 5 priorities", 20, 5);
	}

	private static void drain(Bench bench, String scenario, int queues, int priorities) {
		int jobs = bench.plan().lanesJobs();
		try (ChildJvm worker = bench.open(true, queues)) {
			Workers.warmUp(bench, worker);
			worker.call("reset", "capacity", jobs);
			worker.call("load", "as", "spread", "from", 0, "count", jobs, "priorities", priorities);
			JsonNode answer = bench.measure(scenario,
					() -> worker.call("drain", "count", jobs, "millis", bench.plan().drainMillis()));
			Workers.check(bench, scenario, worker, jobs, answer);
		}
	}

}
