package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.child.ChildJvm;

/**
 * Enqueues while workers run: as fast as four threads can, at half of that, and now and
 * then, from the same JVM and from another.
 */
public final class LoadSuite implements Suite {

	private static final String SUSTAINED = "sustained mixed load";

	private static final int THREADS = 4;

	private static final int IDLE_RATE = 40;

	private static final int MOST = 2_000_000;

	@Override
	public String name() {
		return "load";
	}

	@Override
	public void run(Bench bench) {
		try (ChildJvm worker = bench.openWorker()) {
			Workers.warmUp(bench, worker);
			worker.call("resume");
			double rate = sustained(bench, worker);
			if (Workers.isEmpty(worker)) {
				paced(bench, "latency at half load", worker, worker, Math.max((int) (rate / 2), 1), THREADS);
				paced(bench, "latency when idle, same JVM", worker, worker, IDLE_RATE, 1);
				fromOther(bench, worker);
			}
		}
	}

	private static double sustained(Bench bench, ChildJvm worker) {
		worker.call("reset", "capacity", MOST);
		int ramp = Math.max(bench.plan().rampMillis(), bench.kind().pollMillis() * 6 / 5);
		int from = mixed(worker, 0, ramp).get("enqueued").asInt();
		JsonNode answer = bench.measure(SUSTAINED, () -> mixed(worker, from, bench.plan().mixedMillis()));
		double seconds = answer.get("nanos").asLong() / 1e9;
		bench.record(SUSTAINED, "enqueued/s", answer.get("enqueued").asInt() / seconds);
		if (Workers.settle(bench, worker, SUSTAINED)) {
			Workers.waits(bench, SUSTAINED, worker, from, MOST);
		}
		bench.record(SUSTAINED, "duplicates", worker.call("tally").get("repeated").asInt());
		return answer.get("count").asInt() / seconds;
	}

	private static JsonNode mixed(ChildJvm worker, int from, int millis) {
		return worker.call("mixed", "threads", THREADS, "millis", millis, "from", from, "to", MOST);
	}

	private static void fromOther(Bench bench, ChildJvm worker) {
		try (ChildJvm client = bench.openClient()) {
			worker.call("reset", "capacity", IDLE_RATE * 2);
			pace(client, IDLE_RATE, 1, 1_000);
			Workers.settle(bench, worker, "warm-up");
			paced(bench, "latency when idle, other JVM", worker, client, IDLE_RATE, 1);
		}
	}

	private static void paced(Bench bench, String scenario, ChildJvm worker, ChildJvm client, int rate, int threads) {
		int millis = bench.plan().latencyMillis();
		int jobs = (int) ((long) rate * millis / 1_000);
		worker.call("reset", "capacity", jobs);
		pace(client, rate, threads, millis);
		Workers.settle(bench, worker, scenario);
		bench.record(scenario, "rate/s", rate);
		Workers.waits(bench, scenario, worker, 0, jobs);
	}

	private static void pace(ChildJvm client, int rate, int threads, int millis) {
		client.call("paced", "rate", rate, "threads", threads, "millis", millis, "from", 0, "window", millis);
	}

}
