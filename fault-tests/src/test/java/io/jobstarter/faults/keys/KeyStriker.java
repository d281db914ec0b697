package io.jobstarter.faults.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.Strike;
import io.jobstarter.faults.fleet.Strike.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Kills nodes of a fleet and puts new ones in their place, or stops them for a while: for
 * longer than their lease, or not. One node stands still at a time, and another is always
 * at work.
 */
final class KeyStriker {

	private static final String SUSPECTS = """
			background_job_job
			where crashes >= 2 and worker in (select id from background_job_worker where pid = %d)
			""";

	private final FleetDatabase database;

	private final Fleet fleet;

	private final Random random;

	private final KeyScenario scenario;

	private final List<Strike> strikes = new ArrayList<>();

	private int struck;

	private long next;

	private @Nullable Frozen frozen;

	KeyStriker(FleetDatabase database, Fleet fleet, KeyScenario scenario) {
		this.database = database;
		this.fleet = fleet;
		this.scenario = scenario;
		this.random = new Random(~scenario.seed());
		this.next = System.nanoTime() + pause();
	}

	/**
	 * Does what is due: lets a node go on, or strikes one.
	 */
	void turn() {
		Frozen there = this.frozen;
		if (there != null && System.nanoTime() - there.until() >= 0) {
			thaw();
		}
		if (System.nanoTime() - this.next >= 0 && strike()) {
			this.next = System.nanoTime() + pause();
		}
	}

	/**
	 * Lets the node go on that stands still, if there is one.
	 */
	void thaw() {
		Frozen there = this.frozen;
		if (there != null) {
			there.node().thaw();
			this.strikes.add(new Strike(there.node().name(), there.node().pid(), Kind.FREEZE, there.since(),
					this.database.now()));
			this.frozen = null;
		}
	}

	List<Strike> strikes() {
		return List.copyOf(this.strikes);
	}

	private long pause() {
		return this.scenario.interval().multipliedBy(50 + this.random.nextInt(101)).dividedBy(100).toNanos();
	}

	private boolean strike() {
		Frozen there = this.frozen;
		List<NodeProcess> atWork = this.fleet.atWork()
			.stream()
			.filter((node) -> there == null || node != there.node())
			.toList();
		// With the third crash a job rightly dies.
		List<NodeProcess> victims = atWork.stream()
			.filter((node) -> this.database.count(SUSPECTS.formatted(node.pid())) == 0)
			.toList();
		if (atWork.size() < 2 || victims.isEmpty()) {
			return false;
		}
		NodeProcess victim = victims.get(this.random.nextInt(victims.size()));
		// The first is stopped for long, however short the run is.
		if (there == null && (this.struck++ == 0 || this.random.nextBoolean())) {
			freeze(victim);
		}
		else {
			kill(victim);
		}
		return true;
	}

	private void freeze(NodeProcess victim) {
		Instant since = this.database.now();
		victim.freeze();
		Duration lease = this.scenario.lease();
		Duration length = (this.struck > 1 && this.random.nextInt(4) == 0) ? lease.dividedBy(2)
				: lease.plusMillis(1_500);
		this.frozen = new Frozen(victim, since, System.nanoTime() + length.toNanos());
	}

	private void kill(NodeProcess victim) {
		Instant from = this.database.now();
		victim.kill();
		this.strikes.add(new Strike(victim.name(), victim.pid(), Kind.KILL, from, this.database.now()));
		this.fleet.start();
	}

	/**
	 * A node that stands still.
	 */
	private record Frozen(NodeProcess node, Instant since, long until) {
	}

}
