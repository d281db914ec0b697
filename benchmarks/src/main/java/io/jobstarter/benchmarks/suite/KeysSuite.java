package io.jobstarter.benchmarks.suite;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.server.Cost;

/**
 * What limits and orders by key cost, beside the same jobs without them, in turns: as it
 * comes, where those without keys are claimed ahead since their bodies do nothing; with
 * bodies of 60 ms, of which none is; and with settings by which none is.
 */
public final class KeysSuite implements Suite {

	/** Between queues that share slots, nothing is claimed ahead then. */
	private static final String IN_STRICT_ORDER = "background-jobs.worker.queue-order=strict";

	/** Jobs of that many milliseconds are not claimed ahead. */
	private static final int SLOW = 60;

	private static final int TURNS = 3;

	private static final int PATIENCE = 120_000;

	private static final List<Case> CASES = List.of(new Case("no keys", "none", false),
			new Case("limit 1, half as many keys as jobs", "limit", false),
			new Case("order, half as many keys as jobs", "order", false),
			new Case("limit 1, a tenth of the jobs on one key", "limit", true));

	@Override
	public String name() {
		return "keys";
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
		int jobs = bench.plan().jobs() * 2 / 5;
		try (ChildJvm worker = bench.openWorker()) {
			Workers.warmUp(bench, worker);
			measureAll(bench, worker, "", jobs, 0);
			measureAll(bench, worker, "bodies of 60 ms: ", Math.max(jobs / 4, 20), SLOW);
		}
		bench.newDatabase();
		try (ChildJvm worker = bench.open(true, 2, IN_STRICT_ORDER)) {
			measureAll(bench, worker, "nothing claimed ahead: ", jobs, 0);
		}
	}

	private static void measureAll(Bench bench, ChildJvm worker, String kind, int jobs, int millis) {
		for (Case each : CASES) {
			drain(worker, each, jobs / 2, millis);
		}
		for (int turn = 0; turn < TURNS; turn++) {
			for (Case each : CASES) {
				measure(bench, worker, each, kind, jobs, millis);
			}
		}
	}

	private static void measure(Bench bench, ChildJvm worker, Case each, String kind, int jobs, int millis) {
		String scenario = kind + each.title();
		bench.tidy();
		Cost before = bench.server().cost();
		load(worker, each, jobs, millis);
		Long cpu = bench.server().cost().since(before).cpuMicros();
		if (cpu != null) {
			bench.record(scenario, "PostgreSQL µs/job, enqueue", cpu / (double) jobs);
		}
		Cost beforeDrain = bench.server().cost();
		JsonNode answer = bench.measure(scenario, () -> worker.call("drain", "count", jobs, "millis", PATIENCE));
		Long drain = bench.server().cost().since(beforeDrain).cpuMicros();
		if (drain != null) {
			bench.record(scenario, "PostgreSQL and Java µs/job",
					(drain + answer.get("cpuNanos").asLong() / 1e3) / jobs);
		}
		Workers.check(bench, scenario, worker, jobs, answer);
	}

	private static void drain(ChildJvm worker, Case each, int jobs, int millis) {
		load(worker, each, jobs, millis);
		worker.call("drain", "count", jobs, "millis", PATIENCE);
	}

	private static void load(ChildJvm worker, Case each, int jobs, int millis) {
		worker.call("pause");
		worker.call("reset", "capacity", jobs);
		worker.call("keyed", "rule", each.rule(), "count", jobs, "keys", Math.max(jobs / 2, 1), "hot", each.hot(),
				"millis", millis);
	}

	/**
	 * Jobs that are compared.
	 *
	 * @param title what they are called
	 * @param rule what their keys are good for
	 * @param hot whether a tenth of them have the same key
	 */
	private record Case(String title, String rule, boolean hot) {
	}

}
