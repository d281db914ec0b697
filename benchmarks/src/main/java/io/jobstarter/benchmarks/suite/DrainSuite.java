package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.child.ChildJvm;

/**
 * Jobs that do nothing and are there when the worker begins, in one JVM.
 */
public final class DrainSuite implements Suite {

	@Override
	public String name() {
		return "drain";
	}

	@Override
	public void run(Bench bench) {
		try (ChildJvm worker = bench.openWorker()) {
			Workers.warmUp(bench, worker);
			int jobs = bench.scaled(bench.plan().jobs());
			worker.call("reset", "capacity", jobs);
			Workers.load(worker, 0, jobs);
			JsonNode answer = bench.measure("drain",
					() -> worker.call("drain", "count", jobs, "millis", bench.plan().drainMillis()));
			Workers.check(bench, "drain", worker, jobs, answer);
		}
	}

}
