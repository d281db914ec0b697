package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.server.Cost;

/**
 * What a worker costs that has nothing to do.
 */
public final class IdleSuite implements Suite {

	private static final String SCENARIO = "idle";

	// Longer than any engine takes to find out that it is idle.
	private static final int CALM_DOWN = 5_000;

	@Override
	public String name() {
		return SCENARIO;
	}

	@Override
	public int rounds(Plan plan) {
		return 1;
	}

	@Override
	public void run(Bench bench) {
		boolean statements = bench.newDatabaseThatCounts();
		try (ChildJvm worker = bench.openWorker()) {
			worker.call("reset", "capacity", 1);
			Workers.load(worker, 0, 1);
			worker.call("resume");
			worker.call("await", "count", 1, "millis", 15_000);
			worker.call("rest", "millis", CALM_DOWN);
			long before = bench.server().statements(bench.url());
			Cost cost = bench.server().cost();
			JsonNode rest = worker.call("rest", "millis", bench.plan().idleMillis());
			record(bench, statements, bench.server().statements(bench.url()) - before, rest,
					bench.server().cost().since(cost));
		}
	}

	private static void record(Bench bench, boolean statements, long count, JsonNode rest, Cost cost) {
		double seconds = rest.get("nanos").asLong() / 1e9;
		bench.record(SCENARIO, statements ? "statements/s" : "transactions/s", count / seconds);
		Long cpu = cost.cpuMicros();
		if (cpu != null) {
			bench.record(SCENARIO, "PostgreSQL ms/s", cpu / 1e3 / seconds);
		}
		bench.record(SCENARIO, "Java ms/s", rest.get("cpuNanos").asLong() / 1e6 / seconds);
	}

}
