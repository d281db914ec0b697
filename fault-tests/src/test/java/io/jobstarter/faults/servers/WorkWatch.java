package io.jobstarter.faults.servers;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import org.springframework.core.NestedRuntimeException;

/**
 * Watches whether the nodes of a fleet go on working.
 */
final class WorkWatch {

	/** What the engine is allowed. */
	static final Duration LIMIT = Duration.ofSeconds(10);

	private static final String STARTED = "select started_at from ledger where pid = ? and started_at > ? "
			+ "order by started_at fetch first row only";

	private final FleetDatabase database;

	private final Fleet fleet;

	WorkWatch(FleetDatabase database, Fleet fleet) {
		this.database = database;
		this.fleet = fleet;
	}

	/**
	 * Waits until every node has started a job after an instant, and no longer than twice
	 * of what it is allowed.
	 * @param back the instant
	 * @return how long it took
	 */
	Duration untilAtWork(Instant back) {
		try {
			return this.fleet.alive()
				.stream()
				.map((node) -> Awaitility.await()
					.ignoreExceptionsInstanceOf(NestedRuntimeException.class)
					.atMost(LIMIT.multipliedBy(2))
					.pollInterval(Duration.ofMillis(50))
					.until(() -> starts(node, back), (starts) -> !starts.isEmpty()))
				.map((starts) -> Duration.between(back, starts.get(0)))
				.max(Duration::compareTo)
				.orElse(Duration.ZERO);
		}
		catch (ConditionTimeoutException ex) {
			return LIMIT.multipliedBy(2);
		}
	}

	private List<Instant> starts(NodeProcess node, Instant back) {
		return this.database.jdbc()
			.query(STARTED, (row, index) -> row.getTimestamp(1).toInstant(), node.pid(), java.sql.Timestamp.from(back));
	}

	/**
	 * Tells whether there is so much to do that every node would do some of it.
	 * @return whether there is
	 */
	boolean isBusy() {
		return this.database.count("background_job_job where state = 0 and worker is null") > 40;
	}

}
