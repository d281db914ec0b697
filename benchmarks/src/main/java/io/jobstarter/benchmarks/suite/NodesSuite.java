package io.jobstarter.benchmarks.suite;

import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.server.Cost;

/**
 * Jobs that are there, for two JVMs together, and for one alone by the same rules.
 */
public final class NodesSuite implements Suite {

	private static final int WARM_UP_MILLIS = 60_000;

	@Override
	public String name() {
		return "nodes";
	}

	@Override
	public boolean isFor(EngineKind kind, Plan plan) {
		return kind.isOwn() || !plan.isQuick();
	}

	@Override
	public void run(Bench bench) {
		try (ChildJvm first = bench.openWorker()) {
			Workers.warmUp(bench, first);
			drain(bench, "drain by 1 JVM", List.of(first));
			try (ChildJvm second = bench.openWorker()) {
				warmUp(bench, first, second);
				drain(bench, "drain by 2 JVMs", List.of(first, second));
			}
		}
	}

	private static void warmUp(Bench bench, ChildJvm first, ChildJvm second) {
		second.call("reset", "capacity", 0);
		first.call("pause");
		Workers.load(first, 0, bench.warmUp());
		// To the end: what is left would be taken for jobs that ran twice.
		share(List.of(second), WARM_UP_MILLIS);
		second.call("pause");
	}

	private static void drain(Bench bench, String scenario, List<ChildJvm> workers) {
		int jobs = bench.scaled(bench.plan().jobs());
		workers.forEach((worker) -> worker.call("pause"));
		Workers.load(workers.get(0), 0, jobs);
		workers.forEach((worker) -> worker.call("reset", "capacity", jobs));
		Cost before = bench.server().cost();
		List<JsonNode> answers = share(workers, bench.plan().drainMillis());
		Cost cost = bench.server().cost().since(before);
		record(bench, scenario, answers, cost);
		check(bench, scenario, workers, jobs);
	}

	private static List<JsonNode> share(List<ChildJvm> workers, int millis) {
		workers.forEach((worker) -> worker.send("share", "millis", millis));
		return workers.stream().map(ChildJvm::answer).toList();
	}

	private static void record(Bench bench, String scenario, List<JsonNode> answers, Cost cost) {
		List<JsonNode> active = answers.stream().filter((answer) -> answer.get("count").asInt() > 0).toList();
		long first = active.stream().mapToLong((answer) -> answer.get("first").asLong()).min().orElse(0);
		long end = active.stream().mapToLong((answer) -> answer.get("end").asLong()).max().orElse(0);
		int bodies = Math.max(answers.stream().mapToInt((answer) -> answer.get("count").asInt()).sum(), 1);
		long cpu = answers.stream().mapToLong((answer) -> answer.get("cpuNanos").asLong()).sum();
		bench.record(scenario, "jobs/s", bodies * 1e6 / Math.max(end - first, 1));
		Long server = cost.cpuMicros();
		if (server != null) {
			bench.record(scenario, "PostgreSQL µs/job", (double) server / bodies);
		}
		bench.record(scenario, "Java µs/job", cpu / 1e3 / bodies);
		bench.record(scenario, "WAL bytes/job", (double) cost.walBytes() / bodies);
	}

	private static void check(Bench bench, String scenario, List<ChildJvm> workers, int jobs) {
		int repeated = 0;
		BitSet all = new BitSet();
		List<Integer> shares = new ArrayList<>();
		for (ChildJvm worker : workers) {
			JsonNode tally = worker.call("tally");
			BitSet numbers = BitSet.valueOf(Base64.getDecoder().decode(tally.get("numbers").asText()));
			BitSet both = (BitSet) numbers.clone();
			both.and(all);
			repeated += tally.get("repeated").asInt() + both.cardinality();
			all.or(numbers);
			shares.add(numbers.cardinality());
		}
		bench.record(scenario, "duplicates", repeated);
		if (all.cardinality() < jobs) {
			bench.remark(scenario + ": " + all.cardinality() + " of " + jobs + " jobs run when the time was up");
		}
		if (workers.size() > 1) {
			bench.remark(scenario + ": shares " + shares);
		}
	}

}
