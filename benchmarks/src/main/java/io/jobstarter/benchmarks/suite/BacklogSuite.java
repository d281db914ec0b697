package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;

/**
 * What a job costs while ever more others are ready, and a million wait for their time.
 * Engines that would take minutes to get that many are left out.
 */
public final class BacklogSuite implements Suite {

	private static final int REPETITIONS = 3;

	private static final int CHUNK = 1_000_000;

	@Override
	public String name() {
		return "backlog";
	}

	@Override
	public boolean isFor(EngineKind kind, Plan plan) {
		return kind == EngineKind.JOB_STARTER || kind == EngineKind.PLAIN_SQL
				|| kind == EngineKind.DB_SCHEDULER && plan.backlogs().size() > 3;
	}

	@Override
	public int rounds(Plan plan) {
		return 1;
	}

	@Override
	public void run(Bench bench) {
		try (ChildJvm worker = bench.openWorker()) {
			worker.call("pause");
			worker.call("reset", "capacity", 0);
			load(worker, "scheduled", bench.plan().scheduledAhead());
			bench.tidy();
			Workers.load(worker, 0, bench.warmUp());
			int left = bench.warmUp() - slice(bench, worker, bench.warmUp()).get("count").asInt();
			for (int backlog : bench.plan().backlogs()) {
				load(worker, "ready", backlog - left);
				left = Math.max(left, backlog);
				// Or autovacuum and the checkpointer do it amid what is measured.
				bench.execute("vacuum analyze");
				bench.execute("checkpoint");
				left = slices(bench, worker, backlog, left);
			}
		}
	}

	/**
	 * Runs some jobs, several times.
	 * @param bench the bench
	 * @param worker the worker
	 * @param backlog how many others are ready all the time
	 * @param left how many are there at first
	 * @return how many are there at the end
	 */
	private static int slices(Bench bench, ChildJvm worker, int backlog, int left) {
		int ready = left;
		// An engine takes a moment to stop: enough that it does not reach the backlog.
		int full = backlog + bench.plan().slice() * 6;
		for (int repetition = 0; repetition < REPETITIONS; repetition++) {
			load(worker, "ready", full - ready);
			JsonNode answer = bench.measure("backlog of %,d".formatted(backlog),
					() -> slice(bench, worker, bench.plan().slice()));
			ready = full - answer.get("count").asInt();
		}
		return ready;
	}

	private static JsonNode slice(Bench bench, ChildJvm worker, int jobs) {
		return worker.call("slice", "count", jobs, "millis", bench.plan().drainMillis());
	}

	private static void load(ChildJvm worker, String as, int count) {
		for (int from = 0; from < count; from += CHUNK) {
			worker.call("load", "as", as, "from", from, "count", Math.min(CHUNK, count - from));
		}
	}

}
