package io.jobstarter.benchmarks.suite;

import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.engine.EngineSettings;
import io.jobstarter.testdatabases.EmbeddedMariaDb;

/**
 * This project's engine on H2 in a file, and on MariaDB where that is installed.
 */
public final class OtherDatabasesSuite implements Suite {

	@Override
	public String name() {
		return "databases";
	}

	@Override
	public boolean isFor(EngineKind kind, Plan plan) {
		return kind == EngineKind.JOB_STARTER;
	}

	@Override
	public int rounds(Plan plan) {
		return plan.isQuick() ? 1 : plan.rounds();
	}

	@Override
	public void run(Bench bench) {
		Path file = bench.emptyDirectory("h2").resolve("jobs");
		measure(bench, "H2", settings("jdbc:h2:file:" + file.toAbsolutePath(), "sa", ""));
		if (EmbeddedMariaDb.isInstalled()) {
			EmbeddedMariaDb server = EmbeddedMariaDb.shared();
			measure(bench, "MariaDB", settings(server.createDatabase(), server.username(), server.password()));
		}
		else {
			bench.remark("MariaDB is not installed");
		}
	}

	private static EngineSettings settings(String url, String user, String password) {
		return new EngineSettings(url, user, password, Bench.POOL, true, 1, "");
	}

	private static void measure(Bench bench, String database, EngineSettings settings) {
		int jobs = bench.plan().lanesJobs();
		try (ChildJvm worker = bench.open(settings)) {
			worker.call("pause");
			record(bench, database + ", bulk enqueue", worker.call("bulk", "from", 0, "count", jobs));
			worker.call("reset", "capacity", jobs);
			JsonNode answer = worker.call("drain", "count", jobs, "millis", bench.plan().drainMillis() * 2);
			record(bench, database + ", drain", answer);
			Workers.check(bench, database + ", drain", worker, jobs, answer);
		}
	}

	private static void record(Bench bench, String scenario, JsonNode answer) {
		double jobs = Math.max(answer.get("count").asInt(), 1);
		bench.record(scenario, "jobs/s", jobs * 1e9 / answer.get("nanos").asLong());
		bench.record(scenario, "Java µs/job", answer.get("cpuNanos").asLong() / 1e3 / jobs);
	}

}
