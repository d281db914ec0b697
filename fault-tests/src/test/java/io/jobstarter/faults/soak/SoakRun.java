package io.jobstarter.faults.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Two nodes under a steady load, one of which is restarted all the time.
 */
final class SoakRun implements AutoCloseable {

	private static final Duration TICK = Duration.ofMillis(250);

	private static final Duration DRAIN = Duration.ofSeconds(60);

	private static final String NOTE_TABLE = "create table soak_done (number int not null)";

	private static final String TAKE_NOTES = "delete from soak_done returning number";

	private final SoakScenario scenario;

	private final FleetDatabase database;

	private final Fleet fleet;

	private final SoakBooks books = new SoakBooks();

	private final SoakLoad load;

	private final Meter meter;

	private final Measurements measurements = new Measurements();

	private final Map<String, Double> last = new HashMap<>();

	private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(3);

	private NodeProcess restarted;

	private SoakRun(SoakScenario scenario) {
		this.scenario = scenario;
		this.database = FleetDatabase.create(FleetServer.POSTGRESQL,
				List.of("--background-jobs.queues.narrow.concurrency=1"));
		this.database.jdbc().execute(NOTE_TABLE);
		this.fleet = new Fleet(this.database, scenario.nodeSettings());
		this.load = new SoakLoad(this.database, this.books, scenario.seed());
		this.meter = new Meter(this.database);
		this.fleet.start(2);
		this.restarted = this.fleet.all().get(1);
	}

	/**
	 * Runs a scenario to its end.
	 * @param scenario the scenario
	 * @return what came of it
	 * @throws Exception if the fleet or the load fails
	 */
	static Result of(SoakScenario scenario) throws Exception {
		try (SoakRun run = new SoakRun(scenario)) {
			run.soak();
			run.drain();
			return new Result(run.measurements, run.books);
		}
	}

	private void soak() throws Exception {
		long begun = System.nanoTime();
		List<Future<?>> turns = new ArrayList<>();
		int batch = Math.max(1, (int) (this.scenario.jobs() * TICK.toMillis() / 1_000));
		turns.add(every(TICK, () -> this.load.enqueue(batch)));
		turns.add(every(this.scenario.redrive(), this.load::redrive));
		turns.add(every(this.scenario.restart(), this::restart));
		turns.add(every(this.scenario.sample(), () -> sample((System.nanoTime() - begun) / 1e9)));
		Awaitility.await()
			.atMost(this.scenario.time().plus(DRAIN))
			.pollInterval(Duration.ofMillis(100))
			.until(() -> System.nanoTime() - begun >= this.scenario.time().toNanos()
					|| turns.stream().anyMatch(Future::isDone));
		for (Future<?> turn : turns) {
			// None of them ends by itself, but by what it throws.
			if (turn.isDone()) {
				turn.get();
			}
		}
		this.threads.shutdown();
		this.threads.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS);
	}

	private Future<?> every(Duration interval, Runnable turn) {
		return this.threads.scheduleAtFixedRate(turn, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
	}

	// By turns as a deployment does and as the kernel does.
	private void restart() {
		if (this.fleet.all().size() % 2 == 0) {
			this.restarted.terminate();
		}
		else {
			this.restarted.kill();
		}
		this.restarted = this.fleet.start();
	}

	private void sample(double seconds) {
		Map<String, Double> values = new HashMap<>(this.meter.server());
		values.putAll(this.meter.node(SoakReport.STEADY, this.fleet.all().get(0)));
		NodeProcess other = this.restarted;
		if (this.fleet.atWork().contains(other)) {
			values.putAll(nodeIfItLives(other));
		}
		Map<String, Integer> sessions = this.meter.sessions();
		values.put("sessions", sessions.values().stream().mapToDouble(Integer::doubleValue).sum());
		values.put("connections " + SoakReport.STEADY, count(sessions, this.fleet.all().get(0)));
		values.put("connections " + SoakReport.RESTARTED, count(sessions, other));
		takeNotes();
		rates(values, seconds);
		this.measurements.add(seconds, values);
	}

	private static double count(Map<String, Integer> sessions, NodeProcess node) {
		return sessions.getOrDefault(node.name(), 0);
	}

	private Map<String, Double> nodeIfItLives(NodeProcess node) {
		try {
			return this.meter.node(SoakReport.RESTARTED, node);
		}
		catch (RuntimeException ex) {
			// It was ended while it was asked.
			return Map.of();
		}
	}

	private void rates(Map<String, Double> values, double seconds) {
		double time = seconds - this.last.getOrDefault("seconds", 0.0);
		double done = this.books.countDone();
		values.put("jobs done", (done - this.last.getOrDefault("done", 0.0)) / time);
		this.last.put("done", done);
		double wal = values.remove("WAL position");
		values.put("WAL", wal - this.last.computeIfAbsent("WAL", (name) -> wal));
		for (String role : List.of(SoakReport.STEADY, SoakReport.RESTARTED)) {
			Double cpu = values.remove("CPU " + role);
			Double before = (cpu != null) ? this.last.put("CPU " + role, cpu) : this.last.remove("CPU " + role);
			if (cpu != null && before != null && cpu >= before) {
				values.put("CPU " + role, (cpu - before) / 10 / time);
			}
		}
		this.last.put("seconds", seconds);
	}

	private void takeNotes() {
		this.books.done(this.database.jdbc().queryForList(TAKE_NOTES, Integer.class));
	}

	// If it does not come to an end in time, the books say what is missing.
	private void drain() {
		try {
			Awaitility.await().atMost(DRAIN).pollInterval(Duration.ofMillis(200)).until(() -> {
				takeNotes();
				boolean anyDead = this.load.redriveTheLast();
				return !anyDead && this.database.count("background_job_job where name <> 'beat'") == 0;
			});
		}
		catch (ConditionTimeoutException ex) {
			System.out.println("Gave up: " + ex.getMessage());
		}
		takeNotes();
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
		this.fleet.close();
		this.database.close();
	}

	/**
	 * What came of a run.
	 *
	 * @param measurements what was measured
	 * @param books which jobs were done
	 */
	record Result(Measurements measurements, SoakBooks books) {
	}

}
