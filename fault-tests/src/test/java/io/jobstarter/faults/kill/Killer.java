package io.jobstarter.faults.kill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.oracle.Evidence;
import io.jobstarter.faults.oracle.NodeEnd;
import io.jobstarter.faults.oracle.NodeEnd.Signal;
import org.awaitility.Awaitility;

/**
 * Ends nodes of a fleet and puts new ones in their place.
 */
final class Killer implements Striker {

	private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

	private static final String HELD = """
			select payload from background_job_job
			where worker in (select id from background_job_worker where pid = ?)
			""";

	private static final String SUSPECTS = """
			background_job_job
			where crashes >= 2 and worker in (select id from background_job_worker where pid = %d)
			""";

	private final FleetDatabase database;

	private final Fleet fleet;

	private final Random random;

	private final Duration interval;

	private final List<NodeEnd> ends = new ArrayList<>();

	Killer(FleetDatabase database, Fleet fleet, Scenario scenario) {
		this.database = database;
		this.fleet = fleet;
		this.random = new Random(~scenario.seed());
		this.interval = scenario.killInterval();
	}

	/**
	 * Waits for half of the interval to one and a half.
	 */
	@Override
	public Duration pause() {
		return this.interval.multipliedBy(50 + this.random.nextInt(101)).dividedBy(100);
	}

	/**
	 * Ends a node, one time in five by SIGTERM, and starts another.
	 * @return whether one was ended; not if it is the only one at work, since nobody
	 * would be there to run its jobs in time, and not if it runs what two killed nodes
	 * had run: with the third the job rightly dies
	 */
	@Override
	public boolean strike() {
		List<NodeProcess> atWork = this.fleet.atWork();
		List<NodeProcess> victims = atWork.stream().filter((node) -> !holdsSuspect(node)).toList();
		if (atWork.size() < 2 || victims.isEmpty()) {
			return false;
		}
		NodeProcess victim = victims.get(this.random.nextInt(victims.size()));
		Signal signal = (this.random.nextInt(5) == 0) ? Signal.TERM : Signal.KILL;
		Instant at = end(victim, signal);
		this.fleet.start();
		this.ends.add(new NodeEnd(victim.name(), victim.pid(), signal, at, heldWhenGone(victim.pid())));
		return true;
	}

	@Override
	public List<NodeEnd> ends() {
		return List.copyOf(this.ends);
	}

	private Instant end(NodeProcess victim, Signal signal) {
		if (signal == Signal.TERM) {
			// Its lease is renewed to the end.
			victim.terminate();
		}
		else {
			victim.kill();
		}
		// What it has started up to now, it has not ended.
		return this.database.now();
	}

	boolean holdsSuspect(NodeProcess node) {
		return this.database.count(SUSPECTS.formatted(node.pid())) > 0;
	}

	// What the node had sent, a claim say, may still be carried out: look until nothing
	// changes. Nobody else takes its jobs before its lease has ended.
	Set<Integer> heldWhenGone(long pid) {
		AtomicReference<Set<Integer>> last = new AtomicReference<>(held(pid));
		Awaitility.await().pollDelay(BETWEEN_LOOKS).pollInterval(BETWEEN_LOOKS).until(() -> {
			Set<Integer> held = held(pid);
			return last.getAndSet(held).equals(held);
		});
		return last.get();
	}

	private Set<Integer> held(long pid) {
		List<String> payloads = this.database.jdbc().queryForList(HELD, String.class, pid);
		return new HashSet<>(payloads.stream().map(Evidence::numberIn).toList());
	}

}
