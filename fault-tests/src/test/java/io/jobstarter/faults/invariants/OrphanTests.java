package io.jobstarter.faults.invariants;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.faults.oracle.Invariants;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No job that is not over is without an owner or a wake-up for longer than a sweep takes.
 */
class OrphanTests {

	private static final RunProperties PROPERTIES = new RunProperties("faults.", System::getProperty);

	private static final Duration LEASE = Duration.ofSeconds(PROPERTIES.isLong() ? 10 : 2);

	/** What waits for a lease has two, one that it gets and one that the pulse needs. */
	private static final Duration A_SWEEP = LEASE.multipliedBy(2).plusSeconds(10);

	private static final List<String> SETTINGS = List.of("--background-jobs.worker.lease=" + LEASE.toMillis() + "ms",
			"--background-jobs.worker.heartbeat=" + LEASE.toMillis() / 8 + "ms",
			"--background-jobs.queues." + Orphanage.BOUNDED + ".concurrency=1",
			"--background-jobs.queues." + Orphanage.BOUNDED + ".max-fleet-concurrency=1");

	static List<FleetServer> servers() {
		return PROPERTIES.isLong() ? FleetServer.available() : List.of(FleetServer.POSTGRESQL);
	}

	@ParameterizedTest
	@MethodSource("servers")
	void aNodeMendsEachStateThatHasNeitherOwnerNorWakeUp(FleetServer server) {
		try (FleetDatabase database = FleetDatabase.create(server); Fleet fleet = new Fleet(database, SETTINGS)) {
			Orphanage orphanage = new Orphanage(database);
			Map<String, Long> orphans = orphanage.fill();
			assertThat(Invariants.broken(database.jdbc())).as("what the invariants find of them")
				.hasSizeGreaterThan(orphans.size() - 3);
			List<Long> later = orphanage.ofALaterRelease();
			List<Map<String, Object>> untouched = rows(database, later);
			fleet.start(1);
			Map<String, Duration> mended = awaitEnds(database, orphans);
			mended.forEach((what, after) -> System.out.println("Mended after " + after.toMillis() + " ms: " + what));
			assertThat(mended).as("what is still without owner or wake-up is missing")
				.containsOnlyKeys(orphans.keySet());
			assertThat(rows(database, later)).as("what a later release knows").isEqualTo(untouched);
			later.forEach((id) -> database.jdbc().update("delete from background_job_job where id = ?", id));
			assertThat(Invariants.brokenAfter(database.jdbc(), A_SWEEP)).isEmpty();
		}
	}

	private static Map<String, Duration> awaitEnds(FleetDatabase database, Map<String, Long> orphans) {
		Map<String, Duration> mended = new TreeMap<>();
		Map<String, Long> left = new HashMap<>(orphans);
		Instant start = Instant.now();
		try {
			Awaitility.await().atMost(A_SWEEP).pollInterval(Duration.ofMillis(100)).until(() -> {
				List<Long> ended = database.jdbc()
					.queryForList("select id from background_job_history where state = 'SUCCEEDED'", Long.class);
				left.entrySet().removeIf((orphan) -> {
					if (ended.contains(orphan.getValue())) {
						mended.put(orphan.getKey(), Duration.between(start, Instant.now()));
					}
					return ended.contains(orphan.getValue());
				});
				return left.isEmpty();
			});
		}
		catch (ConditionTimeoutException ex) {
			left.forEach((what, id) -> System.out.println("Not mended: " + what + ": "
					+ database.jdbc().queryForList("select * from background_job_job where id = ?", id)));
		}
		return mended;
	}

	private static List<Map<String, Object>> rows(FleetDatabase database, List<Long> ids) {
		return ids.stream()
			.map((id) -> database.jdbc().queryForMap("select * from background_job_job where id = ?", id))
			.toList();
	}

}
