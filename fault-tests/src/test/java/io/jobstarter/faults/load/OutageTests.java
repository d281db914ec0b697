package io.jobstarter.faults.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

import io.jobstarter.faults.DownstreamJobs.ByDefault;
import io.jobstarter.faults.DownstreamJobs.ByRule;
import io.jobstarter.faults.DownstreamJobs.Fixed;
import io.jobstarter.faults.DownstreamJobs.Guarded;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.faults.load.Downstream.Call;
import io.jobstarter.faults.load.Downstream.Mode;
import io.jobstarter.faults.load.RetryPlans.Wait;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What jobs call is down for a while, for the jobs of two nodes, which die or stand still
 * at times.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutageTests {

	private static final boolean LONG = new RunProperties("faults.", System::getProperty).isLong();

	private static final Duration LEASE = Duration.ofSeconds(LONG ? 10 : 2);

	/** What a death may cost, and then what a wait in the open state takes. */
	private static final Duration REPLACED = LEASE.plusSeconds(5);

	private static final int JOBS = LONG ? 2_000 : 300;

	private static final int NODES = 2;

	private static final int SLOTS = 8;

	/** As in application.yml. */
	private static final int WINDOW = 10;

	private static final int PROBES = 3;

	/** Taken, failed, due again, claimed and put aside. */
	private static final int WRITES_OF_A_PROBE = 5;

	private static final int BUCKETS = 8;

	private final FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);

	private final CircuitWatch circuit = new CircuitWatch(this.database.jdbc());

	private final Fleet fleet = new Fleet(this.database,
			List.of("--background-jobs.worker.lease=" + LEASE.toSeconds() + "s",
					"--background-jobs.worker.heartbeat=" + LEASE.dividedBy(8).toMillis() + "ms",
					"--background-jobs.queues.default.concurrency=" + SLOTS,
					"--logging.level.io.jobstarter.jobs=error"));

	private Downstream downstream = new Downstream();

	OutageTests() throws IOException {
	}

	@BeforeAll
	void start() {
		this.fleet.start(NODES);
	}

	@BeforeEach
	void breakDown() throws IOException {
		this.database.jdbc().execute("truncate ledger, background_job_failure");
		this.downstream = new Downstream();
	}

	@AfterEach
	void mend() {
		this.downstream.close();
		while (this.fleet.alive().size() < NODES) {
			this.fleet.start();
		}
		this.fleet.awaitAtWork(NODES);
	}

	@AfterAll
	void close() {
		this.fleet.close();
		this.database.close();
	}

	@Test
	void retriesAfterAnOutageAreSpreadAndNoneIsBeforeItsTime() {
		RetryPlans plans = new RetryPlans(this.database.jdbc());
		enqueue(0, ByDefault::new);
		enqueue(JOBS, Fixed::new);
		enqueue(2 * JOBS, ByRule::new);
		await().until(() -> this.database.count("planned where attempt = 1") == 3 * JOBS);
		this.downstream.is(Mode.UP);
		assertSpread(plans.firstWaits("by-default"), 3, 0.15);
		assertSpread(plans.firstWaits("fixed"), 2, 0.15);
		assertSpread(plans.firstWaits("by-rule"), 1, 0.5);
		awaitAllDone();
		assertThat(plans.begunTooEarly()).isEmpty();
		assertThat(this.database.count("background_job_dead_letter")).isZero();
	}

	private static void assertSpread(List<Wait> waits, double delay, double jitter) {
		assertThat(waits).hasSize(JOBS);
		assertThat(waits).allSatisfy((wait) -> {
			assertThat(wait.sinceStart()).isGreaterThanOrEqualTo(delay);
			assertThat(wait.sincePlan()).isLessThanOrEqualTo(delay * (1 + jitter));
		});
		int[] counts = new int[BUCKETS];
		for (Wait wait : waits) {
			double share = (wait.sincePlan() - delay) / (delay * jitter);
			counts[(int) Math.min(BUCKETS - 1, Math.max(0, share * BUCKETS))]++;
		}
		System.out.printf(Locale.ROOT, "Waits from %.2f s to %.2f s: %s%n", delay, delay * (1 + jitter),
				Arrays.toString(counts));
		// A third of an even share, which chance misses less than once in a million runs.
		assertThat(counts).as("jobs in each part of the jitter")
			.satisfies((each) -> assertThat(each).doesNotContain(0))
			.matches((each) -> IntStream.of(each).min().orElse(0) >= JOBS / BUCKETS / 3);
	}

	@Test
	void anOpenCircuitCostsItsProbesAndNothingElse() {
		RowCounter written = RowCounter.of(this.database.jdbc(), "job");
		enqueue(0, Guarded::new);
		awaitParked(JOBS);
		assertThat(this.downstream.calls()).as("calls until it was open")
			.hasSizeLessThanOrEqualTo(NODES * (WINDOW + SLOTS) + this.circuit.openings() * PROBES);
		int calls = this.downstream.calls().size();
		int openings = this.circuit.openings();
		long before = written.count();
		await().until(() -> this.circuit.openings() >= openings + 4);
		int probes = this.downstream.calls().size() - calls;
		long writes = written.count() - before;
		System.out.println("In " + (this.circuit.openings() - openings) + " openings " + probes + " calls and " + writes
				+ " writes to the table of " + JOBS + " jobs");
		// The last ones may be under way.
		assertThat(probes).isBetween(PROBES, (this.circuit.openings() - openings + 1) * PROBES);
		assertThat(writes).isLessThanOrEqualTo((long) (probes + 2 * PROBES) * WRITES_OF_A_PROBE);
		this.downstream.is(Mode.UP);
		awaitAllDone();
		assertThat(this.database.count("background_job_failure")).as("attempts used up").isEqualTo(failedCalls());
		assertThat(this.database.count("ledger")).as("bodies").isEqualTo(this.downstream.calls().size());
		assertThat(this.database.count("background_job_dead_letter")).isZero();
	}

	private int failedCalls() {
		return (int) this.downstream.calls().stream().filter((call) -> call.mode() == Mode.DOWN).count();
	}

	@Test
	void probersThatStandStillOrAreKilledAreReplaced() {
		this.fleet.start();
		enqueue(0, Guarded::new);
		awaitParked(JOBS);
		this.fleet.awaitAtWork(NODES + 1);
		this.downstream.is(Mode.SILENT);
		NodeProcess first = awaitProber(Set.of());
		first.freeze();
		NodeProcess second = awaitProber(Set.of(first.name()));
		second.kill();
		this.downstream.is(Mode.UP);
		awaitProber(Set.of(first.name(), second.name()));
		// Also what these held.
		awaitAllDone();
		first.thaw();
		first.kill();
	}

	private NodeProcess awaitProber(Set<String> others) {
		long before = System.nanoTime();
		await().atMost(REPLACED).until(() -> calledBesides(others).isPresent());
		String name = calledBesides(others).orElseThrow();
		System.out.println("Probed by " + name + " after " + Duration.ofNanos(System.nanoTime() - before).toMillis()
				+ " ms, not by " + others);
		return this.fleet.all().stream().filter((node) -> node.name().equals(name)).findFirst().orElseThrow();
	}

	private Optional<String> calledBesides(Set<String> others) {
		return this.downstream.calls()
			.stream()
			.filter((call) -> call.mode() != Mode.DOWN && !others.contains(call.node()))
			.map(Call::node)
			.findFirst();
	}

	private void enqueue(int from, BiFunction<Integer, Integer, Object> job) {
		this.database.client()
			.enqueueAll(
					IntStream.range(from, from + JOBS).mapToObj((i) -> job.apply(i, this.downstream.port())).toList());
	}

	// Those that failed wait to be due, and are put aside then.
	private void awaitParked(int jobs) {
		await().until(() -> this.circuit.parked() >= jobs - PROBES);
	}

	private void awaitAllDone() {
		await().until(() -> this.database.count("background_job_job") == 0);
		await().until(this.circuit::isClosed);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(50));
	}

}
