package io.jobstarter.faults.kill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.oracle.NodeEnd;
import io.jobstarter.faults.oracle.NodeEnd.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Stops nodes until others have taken their jobs and lets them go on, and kills one in
 * between. One node stands still at a time.
 */
final class Freezer implements Striker {

	/** Beyond the lease, at the latest: others have found out by then. */
	private static final Duration BEYOND = Duration.ofMillis(1_500);

	private static final String GONE = """
			background_job_worker where pid = %d and dead_at is null
			""";

	// From the start of the body whose claim ended the job.
	private static final String RUNS = """
			select l.number, min(l.started_at) as started_at, h.finished_at
			from background_job_history h
			join ledger l on l.job_id = h.id and l.worker = h.worker and l.claim = h.claim
			group by l.number, h.id, h.finished_at
			""";

	private final FleetDatabase database;

	private final Fleet fleet;

	private final Killer killer;

	private final Duration length;

	private final Random random;

	private final List<NodeEnd> freezes = new ArrayList<>();

	private @Nullable NodeProcess frozen;

	private long until;

	private Map<Integer, Duration> runs = Map.of();

	private int unclaimed;

	Freezer(FleetDatabase database, Fleet fleet, Scenario scenario) {
		this.database = database;
		this.fleet = fleet;
		this.killer = new Killer(database, fleet, scenario);
		this.length = scenario.lease().plus(BEYOND);
		this.random = new Random(scenario.seed());
	}

	@Override
	public Duration pause() {
		return this.killer.pause();
	}

	@Override
	public boolean strike() {
		if (this.frozen != null) {
			return false;
		}
		// The first is always stopped, however short the run is.
		return (!this.freezes.isEmpty() && this.random.nextInt(4) == 0) ? this.killer.strike() : freeze();
	}

	private boolean freeze() {
		List<NodeProcess> atWork = this.fleet.atWork();
		List<NodeProcess> victims = atWork.stream().filter((node) -> !this.killer.holdsSuspect(node)).toList();
		if (atWork.size() < 2 || victims.isEmpty()) {
			return false;
		}
		NodeProcess victim = victims.get(this.random.nextInt(victims.size()));
		victim.freeze();
		this.until = System.nanoTime() + this.length.toNanos();
		this.frozen = victim;
		Instant at = this.database.now();
		this.freezes
			.add(new NodeEnd(victim.name(), victim.pid(), Signal.STOP, at, this.killer.heldWhenGone(victim.pid())));
		return true;
	}

	@Override
	public void turn() {
		NodeProcess there = this.frozen;
		// Others have just taken its jobs: now its old bodies end.
		if (there != null
				&& (System.nanoTime() - this.until >= 0 || this.database.count(GONE.formatted(there.pid())) == 0)) {
			thaw();
		}
	}

	@Override
	public void finish() {
		thaw();
		this.unclaimed = this.database.count("background_job_history where worker is null");
		Map<Integer, Duration> measured = new HashMap<>();
		this.database.jdbc().query(RUNS, (row) -> {
			measured.put(row.getInt("number"), Duration.between(row.getTimestamp("started_at").toInstant(),
					row.getTimestamp("finished_at").toInstant()));
		});
		this.runs = measured;
	}

	private void thaw() {
		NodeProcess there = this.frozen;
		if (there != null) {
			there.thaw();
			this.frozen = null;
		}
	}

	/**
	 * Tells how long jobs ran, from the start of the last body to their end.
	 * @return how long, by number
	 */
	Map<Integer, Duration> runs() {
		return this.runs;
	}

	/**
	 * Counts the jobs that ended while nobody held them.
	 * @return the number
	 */
	int unclaimed() {
		return this.unclaimed;
	}

	@Override
	public List<NodeEnd> ends() {
		return Stream.concat(this.freezes.stream(), this.killer.ends().stream()).toList();
	}

}
