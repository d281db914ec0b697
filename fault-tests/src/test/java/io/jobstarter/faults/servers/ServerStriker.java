package io.jobstarter.faults.servers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.kill.Striker;
import io.jobstarter.faults.oracle.RunFacts.Period;

/**
 * Strikes the server of a fleet at work, and sees each time how soon all nodes work
 * again.
 */
final class ServerStriker implements Striker {

	private static final Duration BETWEEN = Duration.ofMillis(500);

	private final ServerScene scene;

	private final List<ServerFault> faults;

	private final WorkWatch watch;

	private final Fleet fleet;

	private final List<Period> disturbances = new ArrayList<>();

	private final Map<ServerFault, Duration> resumed = new LinkedHashMap<>();

	private int next;

	ServerStriker(ServerScene scene, List<ServerFault> faults, FleetDatabase database, Fleet fleet) {
		this.scene = scene;
		this.faults = faults;
		this.fleet = fleet;
		this.watch = new WorkWatch(database, fleet);
	}

	@Override
	public Duration pause() {
		return BETWEEN;
	}

	@Override
	public boolean strike() {
		if (this.next == this.faults.size() || !this.watch.isBusy()) {
			return false;
		}
		ServerFault fault = this.faults.get(this.next++);
		Instant from = Instant.now();
		try {
			fault.strike(this.scene);
		}
		catch (Exception ex) {
			throw new IllegalStateException(fault + " did not happen", ex);
		}
		Instant back = Instant.now();
		Duration took = this.watch.untilAtWork(back);
		this.disturbances.add(new Period(from, back.plus(took)));
		this.resumed.merge(fault, took, (one, other) -> (one.compareTo(other) > 0) ? one : other);
		return true;
	}

	@Override
	public List<Period> disturbances() {
		return List.copyOf(this.disturbances);
	}

	/**
	 * Tells how long it took all nodes to work again.
	 * @return the longest time for each fault
	 */
	Map<ServerFault, Duration> resumed() {
		return this.resumed;
	}

	List<String> surplusLines() {
		return this.fleet.all().stream().flatMap((node) -> new EngineLog(node).surplus().stream()).toList();
	}

}
