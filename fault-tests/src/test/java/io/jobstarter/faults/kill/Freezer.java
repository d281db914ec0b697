package io.jobstarter.faults.kill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.oracle.NodeEnd;
import io.jobstarter.faults.oracle.NodeEnd.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Stops nodes for longer than their lease and lets them go on, and kills one in between.
 * One node stands still at a time.
 */
final class Freezer implements Striker {

	/** Beyond the lease: others have found out by then, and have started its jobs. */
	private static final Duration BEYOND = Duration.ofMillis(1_500);

	// Of those that ran again, by the claim under which the body started that was the
	// last
	// to do so.
	private static final String BY_OLD_CLAIMS = """
			background_job_history h join ledger l on l.job_id = h.id
			where not exists (select 1 from ledger x where x.job_id = l.job_id and x.started_at > l.started_at)
			  and (h.worker <> l.worker or h.claim <> l.claim)
			""";

	private final FleetDatabase database;

	private final Fleet fleet;

	private final Killer killer;

	private final Duration length;

	private final Random random;

	private final List<NodeEnd> freezes = new ArrayList<>();

	private @Nullable NodeProcess frozen;

	private long until;

	private int endedByOldBodies;

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
		if (this.frozen != null && System.nanoTime() - this.until >= 0) {
			thaw();
		}
	}

	@Override
	public void finish() {
		thaw();
		this.endedByOldBodies = this.database.count(BY_OLD_CLAIMS);
	}

	private void thaw() {
		NodeProcess there = this.frozen;
		if (there != null) {
			there.thaw();
			this.frozen = null;
		}
	}

	/**
	 * Counts the jobs that an old body has ended, which another had begun anew.
	 */
	int endedByOldBodies() {
		return this.endedByOldBodies;
	}

	@Override
	public List<NodeEnd> ends() {
		return Stream.concat(this.freezes.stream(), this.killer.ends().stream()).toList();
	}

}
