package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.server.Cost;

/**
 * What a node costs that has nothing to do but recurring jobs: none, a hundred that are
 * not due, and a hundred that fire every ten seconds.
 */
public final class RecurringSuite implements Suite {

	private static final int SCHEDULES = 100;

	// Longer than a node takes to find out that it is idle.
	private static final int CALM_DOWN = 12_000;

	private static final int FIRES_EVERY = 10;

	@Override
	public String name() {
		return "recurring";
	}

	@Override
	public boolean isFor(EngineKind kind, Plan plan) {
		return kind == EngineKind.JOB_STARTER;
	}

	@Override
	public int rounds(Plan plan) {
		return 1;
	}

	@Override
	public void run(Bench bench) {
		// Whole intervals of the schedule, and of the looks at what is due.
		int millis = Math.max(1, bench.plan().idleMillis() / 2_500) * FIRES_EVERY * 1_000;
		bench.newDatabaseThatCounts();
		try (ChildJvm worker = bench.openWorker()) {
			worker.call("reset", "capacity", 1);
			worker.call("resume");
			rest(bench, worker, "no recurring jobs", millis);
			worker.call("recurring", "count", SCHEDULES, "schedule", "every year");
			rest(bench, worker, "100 recurring jobs, none due", millis);
			worker.call("recurring", "count", SCHEDULES, "schedule", "every " + FIRES_EVERY + " seconds");
			double fires = (double) SCHEDULES * millis / 1_000 / FIRES_EVERY;
			Spent spent = rest(bench, worker, "100 recurring jobs, each every 10 s", millis);
			bench.record("100 recurring jobs, each every 10 s", "statements/fire, job included",
					spent.statements() / fires);
			bench.record("100 recurring jobs, each every 10 s", "PostgreSQL µs/fire, job included",
					spent.cpuMicros() / fires);
			bench.record("100 recurring jobs, each every 10 s", "WAL bytes/fire, job included",
					spent.walBytes() / fires);
		}
	}

	private static Spent rest(Bench bench, ChildJvm worker, String scenario, int millis) {
		worker.call("rest", "millis", Math.min(CALM_DOWN, millis));
		long statements = bench.server().statements(bench.url());
		Cost before = bench.server().cost();
		JsonNode rest = worker.call("rest", "millis", millis);
		Cost cost = bench.server().cost().since(before);
		Long cpu = cost.cpuMicros();
		Spent spent = new Spent(bench.server().statements(bench.url()) - statements, (cpu != null) ? cpu : 0,
				cost.walBytes());
		double seconds = rest.get("nanos").asLong() / 1e9;
		bench.record(scenario, "statements/s", spent.statements() / seconds);
		bench.record(scenario, "PostgreSQL ms/s", spent.cpuMicros() / 1e3 / seconds);
		bench.record(scenario, "WAL KB/min", spent.walBytes() / 1e3 / seconds * 60);
		bench.record(scenario, "Java ms/s", rest.get("cpuNanos").asLong() / 1e6 / seconds);
		return spent;
	}

	/**
	 * What the server has spent.
	 */
	private record Spent(long statements, long cpuMicros, long walBytes) {
	}

}
