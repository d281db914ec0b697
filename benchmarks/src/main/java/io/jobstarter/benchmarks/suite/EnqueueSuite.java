package io.jobstarter.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.child.ChildJvm;

/**
 * Enqueues by a JVM that runs no jobs: many in one transaction, and one by one.
 */
public final class EnqueueSuite implements Suite {

	private static final int[] THREADS = { 1, 4, 16 };

	/** How many times as long as it is measured, so that its code is compiled. */
	private static final int WARM_UP = 4;

	private final String groupCommit;

	/**
	 * Makes the suite.
	 * @param groupCommit the property of this project's engine that switches group commit
	 * on, as {@code key=value}, or an empty text to leave that out
	 */
	public EnqueueSuite(String groupCommit) {
		this.groupCommit = groupCommit;
	}

	@Override
	public String name() {
		return "enqueue";
	}

	@Override
	public void run(Bench bench) {
		try (ChildJvm client = bench.openClient()) {
			int millis = bench.plan().singleMillis();
			single(client, 4, WARM_UP * millis);
			client.call("bulk", "from", 0, "count", bench.warmUp());
			int jobs = bench.scaled(bench.plan().jobs());
			bench.measure("bulk enqueue", () -> client.call("bulk", "from", 0, "count", jobs));
			for (int threads : THREADS) {
				bench.measure("single enqueue, " + threads + ((threads == 1) ? " thread" : " threads"),
						() -> single(client, threads, millis));
			}
		}
		groupCommit(bench);
	}

	private void groupCommit(Bench bench) {
		if (bench.kind().isOwn() && !this.groupCommit.isEmpty()) {
			try (ChildJvm client = bench.open(false, 1, this.groupCommit)) {
				int millis = bench.plan().singleMillis();
				single(client, 16, WARM_UP * millis);
				bench.measure("single enqueue, 16 threads, group commit", () -> single(client, 16, millis));
			}
		}
	}

	private static JsonNode single(ChildJvm client, int threads, int millis) {
		return client.call("single", "threads", threads, "millis", millis, "from", 0, "to", Integer.MAX_VALUE);
	}

}
