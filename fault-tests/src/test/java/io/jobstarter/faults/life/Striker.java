package io.jobstarter.faults.life;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.jobstarter.faults.fleet.TcpProxy;

/**
 * Takes nodes away: cuts one off for longer than its lease, whose bodies go on meanwhile,
 * drops replies to its commits and refuses it for a while, stops it and starts another.
 */
final class Striker {

	private final List<LifeNode> nodes;

	private final LifeScenario scenario;

	private final Random random;

	private final Instant end;

	private final List<String> strikes = new ArrayList<>();

	Striker(List<LifeNode> nodes, LifeScenario scenario, Instant end) {
		this.nodes = nodes;
		this.scenario = scenario;
		this.random = new Random(scenario.seed());
		this.end = end;
	}

	void strikeUntilTheEnd() {
		// The jobs have to come to a node first.
		rest(Duration.ofMillis(500));
		while (Instant.now().isBefore(this.end)) {
			int index = this.random.nextInt(this.nodes.size());
			strike(this.nodes.get(index));
			rest(Duration.ofMillis(100 + this.random.nextInt(400)));
		}
	}

	private void strike(LifeNode node) {
		// What cuts bring to light comes with every run, whatever its seed.
		int chance = (this.strikes.size() % 3 == 0) ? 0 : 1 + this.random.nextInt(6);
		switch (chance) {
			case 0 -> cut(node);
			case 1, 2, 3, 4 -> dropReply(node);
			case 5 -> reset(node);
			default -> restart(node);
		}
	}

	// Its bodies end meanwhile, or afterwards, when others have their jobs.
	private void cut(LifeNode node) {
		Duration time = this.scenario.lease().plusMillis(300L + this.random.nextInt(900));
		this.strikes.add("cut for " + time.toMillis() + " ms");
		node.network().blackhole();
		rest(time);
		node.network().pass();
		node.network().reset();
	}

	// Others meet what the node has done and not heard of, before it can ask again.
	private void dropReply(LifeNode node) {
		Duration time = Duration.ofMillis(this.random.nextInt(600));
		this.strikes.add("reply to a commit dropped, and refused for " + time.toMillis() + " ms");
		int struck = node.network().struck();
		node.network().dropReply(TcpProxy.REPLY_TO_COMMIT);
		long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
		while (node.network().struck() == struck && System.nanoTime() < until) {
			rest(Duration.ofMillis(2));
		}
		if (node.network().struck() > struck) {
			node.network().refuse();
			rest(time);
		}
		node.network().pass();
	}

	private void reset(LifeNode node) {
		this.strikes.add("connections reset");
		node.network().reset();
	}

	private void restart(LifeNode node) {
		this.strikes.add("restarted");
		node.stop();
		node.start();
	}

	List<String> strikes() {
		return this.strikes;
	}

	private static void rest(Duration time) {
		long until = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

}
