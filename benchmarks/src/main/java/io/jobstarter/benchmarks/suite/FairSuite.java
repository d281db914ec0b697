package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;

/**
 * A queue that tenants share: how long ten jobs of one wait in an otherwise empty queue,
 * and while another has 100,000 jobs there. No peer has it.
 */
public final class FairSuite implements Suite {

	private static final int JOBS = 10;

	private static final int SLOTS = 5;

	private static final String CONCURRENCY = "background-jobs.queues.tenants.concurrency=" + SLOTS;

	@Override
	public String name() {
		return "fair";
	}

	@Override
	public boolean isFor(EngineKind kind, Plan plan) {
		return kind == EngineKind.JOB_STARTER;
	}

	@Override
	public void run(Bench bench) {
		compare(bench, 0);
		bench.newDatabase();
		compare(bench, 10);
		bench.newDatabase();
		compare(bench, 50);
	}

	private static void compare(Bench bench, int millis) {
		int rounds = bench.plan().isSmall() ? 3 : 15;
		try (ChildJvm worker = bench.open(true, 1, CONCURRENCY)) {
			worker.call("tenant-waits", "rounds", rounds, "count", JOBS, "millis", millis);
			JsonNode alone = worker.call("tenant-waits", "rounds", rounds, "count", JOBS, "millis", millis);
			worker.call("tenant-load", "count", bench.plan().lanesJobs() * 2, "millis", millis);
			worker.call("rest", "millis", 1_000);
			JsonNode beside = worker.call("tenant-waits", "rounds", rounds, "count", JOBS, "millis", millis);
			String scenario = "jobs of " + millis + " ms, " + SLOTS + " slots";
			for (String measure : new String[] { "average", "last", "done" }) {
				bench.record(scenario, measure + " alone µs", alone.get(measure).asDouble());
				bench.record(scenario, measure + " beside 100,000 µs", beside.get(measure).asDouble());
				bench.record(scenario, measure + " ratio",
						beside.get(measure).asDouble() / Math.max(1, alone.get(measure).asDouble()));
			}
		}
	}

}
