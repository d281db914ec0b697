package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;

/**
 * The drain while retention deletes old rows all the time, and with the same rows while
 * it leaves them alone.
 */
public final class RetentionSuite implements Suite {

	private static final String KEPT = "old rows that are kept";

	private static final String DELETED = "old rows that retention deletes";

	private static final String RETENTION = "background-jobs.history.retention=";

	private static final int REPETITIONS = 5;

	/**
	 * For each job of a drain: enough that retention has something to do all the time.
	 */
	private static final int OLD_ROWS = 20;

	private static final String HISTORY = """
			insert into background_job_history (id, name, queue, priority, state, attempts, crashes, enqueued_at, due_at,
				started_at, finished_at)
			select -number, 'work', 'bench', 0, 'SUCCEEDED', 0, 0, time, time, time, time
			from generate_series(1, %d) as numbers (number)
			cross join lateral (select clock_timestamp() - interval '10 day' - (number %% 86400) * interval '1 second'
				as time) as times
			""";

	private static final String FAILURES = """
			insert into background_job_failure (job_id, number, failed_at, worker, claim, error_class, message, stack_trace)
			select -number, 1, clock_timestamp() - interval '10 day' - (number %% 86400) * interval '1 second', 1, 1,
				'java.io.IOException', 'no such host', repeat('at Mail.send ', 50)
			from generate_series(1, %d) as numbers (number)
			""";

	@Override
	public String name() {
		return "retention";
	}

	@Override
	public boolean isFor(EngineKind kind, Plan plan) {
		return kind == EngineKind.JOB_STARTER_HISTORY;
	}

	@Override
	public void run(Bench bench) {
		try (ChildJvm worker = bench.open(true, 1, RETENTION + "3650d")) {
			Workers.warmUp(bench, worker);
			int rows = bench.plan().jobs() * OLD_ROWS;
			bench.execute(HISTORY.formatted(rows));
			bench.execute(FAILURES.formatted(rows));
			bench.tidy();
			drains(bench, worker, KEPT);
		}
		try (ChildJvm worker = bench.open(true, 1, RETENTION + "7d")) {
			Workers.warmUp(bench, worker);
			long before = bench.count("background_job_failure");
			drains(bench, worker, DELETED);
			long left = bench.count("background_job_failure");
			bench.record(DELETED, "rows deleted meanwhile, of each table", before - left);
			if (left == 0) {
				bench.remark(DELETED + ": there was nothing left to delete at the end");
			}
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
