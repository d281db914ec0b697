package io.jobstarter.benchmarks.suite;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.server.Cost;

/**
 * Jobs at a fixed rate while a transaction holds an old snapshot, so that nothing that is
 * deleted can be cleaned up.
 */
public final class SnapshotSuite implements Suite {

	private static final int WINDOW = 10_000;

	@Override
	public String name() {
		return "snapshot";
	}

	@Override
	public boolean isFor(EngineKind kind, Plan plan) {
		return plan.snapshotMillis() >= 2 * WINDOW;
	}

	@Override
	public int rounds(Plan plan) {
		return 1;
	}

	@Override
	public void run(Bench bench) {
		try (ChildJvm worker = bench.openWorker()) {
			Workers.warmUp(bench, worker);
			worker.call("resume");
			pace(bench, worker, WINDOW);
			worker.answer();
			Workers.settle(bench, worker, "warm-up");
			try (Connection old = bench.server().connect(bench.url())) {
				hold(old);
				pace(bench, worker, bench.plan().snapshotMillis());
				List<Cost> costs = watch(bench, bench.plan().snapshotMillis() / WINDOW);
				record(bench, worker.answer(), costs);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private static void hold(Connection old) throws SQLException {
		old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
		old.setAutoCommit(false);
		try (Statement statement = old.createStatement()) {
			statement.execute("select 1");
		}
	}

	private static void pace(Bench bench, ChildJvm worker, int millis) {
		worker.call("reset", "capacity", 0);
		worker.send("paced", "rate", bench.kind().steadyRate(), "threads", 4, "millis", millis, "from", 0, "window",
				WINDOW);
	}

	private static List<Cost> watch(Bench bench, int windows) {
		long start = System.nanoTime();
		List<Cost> costs = new ArrayList<>();
		costs.add(bench.server().cost());
		for (int window = 1; window <= windows; window++) {
			long end = start + TimeUnit.MILLISECONDS.toNanos((long) window * WINDOW);
			for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
				LockSupport.parkNanos(left);
			}
			costs.add(bench.server().cost());
		}
		return costs;
	}

	private static void record(Bench bench, JsonNode answer, List<Cost> costs) {
		JsonNode windows = answer.get("windows");
		int last = windows.size() - 1;
		bench.record("old snapshot", "enqueued/s", bench.kind().steadyRate());
		bench.record("old snapshot", "completed/s, first 10 s", perSecond(windows, 0));
		bench.record("old snapshot", "completed/s, last 10 s", perSecond(windows, last));
		for (int window = 0; window <= last; window++) {
			String time = "%d s".formatted((window + 1) * WINDOW / 1_000);
			bench.record("old snapshot, completed/s", time, perSecond(windows, window));
			Long cpu = costs.get(window + 1).since(costs.get(window)).cpuMicros();
			if (cpu != null) {
				double micros = (double) cpu / Math.max(windows.get(window).asInt(), 1);
				bench.record("old snapshot, PostgreSQL µs/job", time, micros);
				if (window == 0 || window == last) {
					bench.record("old snapshot", "PostgreSQL µs/job, " + ((window == 0) ? "first" : "last") + " 10 s",
							micros);
				}
			}
		}
	}

	private static double perSecond(JsonNode windows, int window) {
		return windows.get(window).asInt() * 1e3 / WINDOW;
	}

}
