package io.jobstarter.faults.fires;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import io.jobstarter.Audit;
import io.jobstarter.RecurringJob;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.Strike;
import io.jobstarter.faults.fleet.Strike.Kind;
import io.jobstarter.faults.oracle.Invariants;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Strikes the node that enqueues the job of a fire, at each fire: while it is in the
 * transaction that does so, or right after it.
 */
final class FireRun implements AutoCloseable {

	/** Of the recurring job and of the job that it enqueues. */
	private static final String ID = "tick";

	private static final String KEY = "--background-jobs.recurring." + ID + ".";

	/** The engine waits for a lock for 5 s: it is to be struck before. */
	private static final Duration STRIKE_WITHIN = Duration.ofMillis(2_500);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final FireScenario scenario;

	private final FireHold hold;

	private final Random random;

	private final FleetDatabase database;

	private final Fleet fleet;

	private final List<Strike> strikes = new ArrayList<>();

	private final List<String> broken = new ArrayList<>();

	private int struck;

	private @Nullable Frozen frozen;

	private FireRun(FireScenario scenario) {
		this.scenario = scenario;
		this.hold = FireHold.on(scenario.database());
		this.random = new Random(scenario.seed());
		this.database = FleetDatabase.create(scenario.database());
		this.fleet = new Fleet(this.database, List.of(KEY + "schedule=" + scenario.schedule(), KEY + "misfire=all"));
	}

	/**
	 * Runs a scenario to its end.
	 * @param scenario the scenario
	 * @return what it has left behind
	 */
	static FireFacts of(FireScenario scenario) {
		try (FireRun run = new FireRun(scenario)) {
			return run.run();
		}
	}

	private FireFacts run() {
		this.fleet.start(this.scenario.nodes());
		Instant first = next();
		Instant last = first.plus(this.scenario.every().multipliedBy(this.scenario.fires() - 1L));
		for (Instant fire = first; !fire.isAfter(last); fire = next()) {
			strike(fire);
			Instant struck = fire;
			if (!soon(() -> next().isAfter(struck), PATIENCE)) {
				break;
			}
			thawAfter(fire);
		}
		this.database.operations().recurring().pause(ID, new Audit("test", "it is over"));
		thaw();
		soon(() -> this.database.count("background_job_job") == 0, PATIENCE);
		this.broken.addAll(Invariants.brokenAfter(this.database.jdbc(), PATIENCE));
		return FireFacts.read(this.database.jdbc(), this.scenario.every(), this.strikes, this.broken);
	}

	private Instant next() {
		return this.database.operations().recurring().find(ID).map(RecurringJob::nextFireAt).orElseThrow();
	}

	// Another node has to be there, and the struck one's follower has to have come.
	private void strike(Instant fire) {
		soon(() -> isPossible() || !this.database.now().isBefore(fire.minusMillis(200)), PATIENCE);
		if (isPossible()) {
			if (this.struck == 0 || this.random.nextBoolean()) {
				strikeWithin(fire);
			}
			else {
				enqueuer(fire).ifPresent((victim) -> hit(victim, fire));
			}
		}
	}

	private boolean isPossible() {
		return this.frozen == null && this.fleet.atWork().size() > 1;
	}

	private void strikeWithin(Instant fire) {
		soon(() -> !this.database.now().isBefore(fire.minusMillis(150)), PATIENCE);
		this.database.transaction().executeWithoutResult((status) -> {
			this.database.jdbc().execute(this.hold.begin());
			try {
				await(() -> this.hold.waiting(this.database.jdbc())).ifPresent((victim) -> hit(victim, fire));
			}
			finally {
				this.database.jdbc().execute(this.hold.end());
			}
		});
	}

	private Optional<NodeProcess> enqueuer(Instant fire) {
		return await(() -> this.database.jdbc()
			.queryForList("select node from fired where fire_millis = ?", String.class, fire.toEpochMilli()));
	}

	private Optional<NodeProcess> await(Supplier<List<String>> names) {
		soon(() -> !names.get().isEmpty(), STRIKE_WITHIN);
		return names.get().stream().findFirst().flatMap(this::node);
	}

	// Where the server does not tell who it is, any node may be.
	private Optional<NodeProcess> node(String name) {
		List<NodeProcess> alive = this.fleet.alive();
		return alive.stream()
			.filter((node) -> node.name().equals(name))
			.findFirst()
			.or(() -> Optional.of(alive.get(this.random.nextInt(alive.size()))));
	}

	private void hit(NodeProcess victim, Instant fire) {
		Instant from = this.database.now();
		// The first is stopped in its transaction, however short the run is.
		if (this.random.nextInt(100) < ((this.struck++ == 0) ? 100 : 1) * this.scenario.freezes()) {
			victim.freeze();
			this.frozen = new Frozen(victim, fire, from);
		}
		else {
			victim.kill();
			this.strikes.add(new Strike(victim.name(), victim.pid(), Kind.KILL, from, this.database.now()));
			this.fleet.start();
		}
	}

	// Another node has noted this fire, and one more meanwhile.
	private void thawAfter(Instant fire) {
		Frozen there = this.frozen;
		if (there != null && fire.isAfter(there.fire())) {
			thaw();
		}
	}

	private void thaw() {
		Frozen there = this.frozen;
		if (there != null) {
			there.node().thaw();
			this.strikes.add(new Strike(there.node().name(), there.node().pid(), Kind.FREEZE, there.since(),
					this.database.now()));
			this.frozen = null;
		}
	}

	// What does not come to pass, the oracle misses.
	private static boolean soon(Callable<Boolean> condition, Duration limit) {
		try {
			patiently(limit).until(condition);
			return true;
		}
		catch (ConditionTimeoutException ex) {
			System.out.println("Gave up: " + ex.getMessage());
			return false;
		}
	}

	private static ConditionFactory patiently(Duration limit) {
		return Awaitility.await()
			.pollInSameThread()
			.pollDelay(Duration.ZERO)
			.atMost(limit)
			.pollInterval(Duration.ofMillis(10));
	}

	@Override
	public void close() {
		this.fleet.close();
		this.database.close();
	}

	/**
	 * A node that stands still.
	 *
	 * @param node the node
	 * @param fire the fire at which it was stopped
	 * @param since when it was
	 */
	private record Frozen(NodeProcess node, Instant fire, Instant since) {
	}

}
