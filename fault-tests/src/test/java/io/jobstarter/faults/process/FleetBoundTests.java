package io.jobstarter.faults.process;

import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.RelayJobs.Slotted;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Slots and rates of which all nodes together have so many, on nodes that are killed and
 * stopped.
 */
@Execution(ExecutionMode.CONCURRENT)
class FleetBoundTests {

	private static final int SLOTS = 3;

	private static final int PERMITS = 5;

	private static final String HELD = """
			select count(*) from background_job_job where queue = 'slotted' and worker is not null
			""";

	private static final String CLAIMS = """
			select started_at from background_job_history where queue = 'rated' order by started_at
			""";

	private final Form form = Form.current();

	private final List<String> settings = Stream.concat(this.form.settings().stream(),
			Stream.of("--background-jobs.queues.default.concurrency=2",
					"--background-jobs.queues.slotted.concurrency=" + SLOTS,
					"--background-jobs.queues.slotted.max-fleet-concurrency=" + SLOTS,
					"--background-jobs.queues.rated.concurrency=" + PERMITS,
					"--background-jobs.queues.rated.rate-limit.permits=" + PERMITS,
					"--background-jobs.queues.rated.rate-limit.per=1s"))
		.toList();

	@Test
	void areNeverExceededInTheDatabaseHoweverNodesAreStruck() throws Exception {
		int strikes = this.form.isLong() ? 20 : 2;
		ExecutorService threads = Executors.newSingleThreadExecutor();
		try (FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);
				Fleet fleet = new Fleet(database, this.settings)) {
			AtomicBoolean over = new AtomicBoolean();
			fleet.start(2);
			Future<Integer> most = threads.submit(() -> watch(database, over));
			int number = 0;
			for (int strike = 0; strike < strikes; strike++) {
				number = enqueue(database, number);
				NodeProcess victim = fleet.atWork().get(0);
				Form.await().until(() -> holds(database, victim));
				strike(fleet, victim, strike);
			}
			Form.await().until(() -> database.count("background_job_job") == 0);
			over.set(true);
			assertThat(most.get(1, TimeUnit.MINUTES)).as("jobs that held a slot").isEqualTo(SLOTS);
			assertThat(database.count("background_job_history")).isEqualTo(number);
			List<Timestamp> claims = database.jdbc().queryForList(CLAIMS, Timestamp.class);
			for (int i = PERMITS; i < claims.size(); i++) {
				assertThat(Duration.between(claims.get(i - PERMITS).toInstant(), claims.get(i).toInstant()))
					.as("permits of a second")
					.isGreaterThanOrEqualTo(Duration.ofSeconds(1));
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void aBodyThatHeldASlotWhenItsNodeStoodStillEndsWithinASecondAlsoWithoutADatabase() {
		try (FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);
				TcpProxy proxy = database.proxy();
				Fleet fleet = new Fleet(database, this.settings)) {
			NodeProcess node = fleet.start(NodeOptions.NONE.through(proxy));
			fleet.awaitAtWork(1);
			database.client().enqueue(new Slotted(0));
			// A body that waits for an answer of the database cannot hear of anything.
			Form.await().until(() -> node.log().contains(Slotted.WAITS));
			node.freeze();
			proxy.blackhole();
			long frozen = System.nanoTime();
			Form.await().until(() -> System.nanoTime() - frozen > this.form.lease().plusMillis(500).toNanos());
			node.thaw();
			Form.await(Duration.ofSeconds(30)).until(() -> node.log().contains(Slotted.ENDED));
			long millis = node.log()
				.lines()
				.filter((line) -> line.startsWith(Slotted.ENDED))
				.mapToLong((line) -> Long.parseLong(line.substring(Slotted.ENDED.length())))
				.sum();
			System.out.println("A body went on for " + millis + " ms after its node had stood still");
			assertThat(millis).as("milliseconds that the body went on").isLessThan(1_000);
		}
	}

	private static int enqueue(FleetDatabase database, int first) {
		int next = first;
		for (int i = 0; i < 40; i++) {
			database.client().job(Work.taking(next++, 150)).queue("slotted").enqueue();
		}
		for (int i = 0; i < 3 * PERMITS; i++) {
			database.client().job(Work.taking(next++, 50)).queue("rated").enqueue();
		}
		return next;
	}

	private static boolean holds(FleetDatabase database, NodeProcess node) {
		return database.count("background_job_job where queue = 'slotted' and worker in "
				+ "(select id from background_job_worker where pid = " + node.pid() + ")") > 0;
	}

	// One after the other: stopped for longer than the lease, killed, stopped for less.
	private void strike(Fleet fleet, NodeProcess victim, int strike) {
		if (strike % 3 == 1) {
			victim.kill();
			fleet.start();
			fleet.awaitAtWork(2);
			return;
		}
		Duration length = (strike % 3 == 0) ? this.form.lease().plusMillis(1_500) : this.form.lease().dividedBy(2);
		victim.freeze();
		long end = System.nanoTime() + length.toNanos();
		Form.await().until(() -> System.nanoTime() - end >= 0);
		victim.thaw();
	}

	private static int watch(FleetDatabase database, AtomicBoolean over) {
		List<Integer> seen = new ArrayList<>();
		Form.await(Duration.ofMinutes(10)).pollInterval(Duration.ofMillis(10)).until(() -> {
			seen.add(database.jdbc().queryForObject(HELD, Integer.class));
			return over.get();
		});
		System.out.println("Looked " + seen.size() + " times at who holds a slot");
		return seen.stream().mapToInt(Integer::intValue).max().orElse(0);
	}

}
