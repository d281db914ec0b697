package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;

/**
 * The drain again after millions of jobs that are over.
 */
public final class HistorySuite implements Suite {

	private static final int REPETITIONS = 3;

	// Over the last six days, which retention leaves alone.
	private static final String FILL = """
			insert into background_job_history (id, name, queue, priority, state, attempts, crashes, enqueued_at, due_at,
				started_at, finished_at)
			select -number, 'work', 'bench', 0, 'SUCCEEDED', 0, 0, time, time, time, time
			from generate_series(1, %d) as numbers (number)
			cross join lateral (select clock_timestamp() - (number %% 518400) * interval '1 second' as time) as times
			""";

	@Override
	public String name() {
		return "history";
	}

	@Override
	public boolean isFor(EngineKind kind, Plan plan) {
		return kind == EngineKind.JOB_STARTER_HISTORY && plan.historyRows() > 0;
	}

	@Override
	public int rounds(Plan plan) {
		return 1;
	}

	@Override
	public void run(Bench bench) {
		try (ChildJvm worker = bench.openWorker()) {
			Workers.warmUp(bench, worker);
			drains(bench, worker, "history nearly empty");
			bench.execute(FILL.formatted(bench.plan().historyRows()));
			bench.tidy();
			drains(bench, worker, "history of %,d rows".formatted(bench.plan().historyRows()));
		}
	}

	private static void drains(Bench bench, ChildJvm worker, String scenario) {
		int jobs = bench.plan().jobs();
		for (int repetition = 0; repetition < REPETITIONS; repetition++) {
			worker.call("pause");
			worker.call("reset", "capacity", jobs);
			Workers.load(worker, 0, jobs);
			JsonNode answer = bench.measure(scenario,
					() -> worker.call("drain", "count", jobs, "millis", bench.plan().drainMillis() * 2));
			Workers.check(bench, scenario, worker, jobs, answer);
		}
	}

}
