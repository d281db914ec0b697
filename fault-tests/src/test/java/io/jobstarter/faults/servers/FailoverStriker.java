package io.jobstarter.faults.servers;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.kill.Striker;
import io.jobstarter.faults.oracle.RunFacts.Period;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Kills the primary of a fleet at work, lets it come back as a server that only reads,
 * and makes the standby the primary while nodes are still connected to the old one.
 */
final class FailoverStriker implements Striker {

	private final EmbeddedPostgres primary;

	private final EmbeddedPostgres standby;

	private final Runnable move;

	private final WorkWatch watch;

	private final List<Period> disturbances = new ArrayList<>();

	private @Nullable Duration resumed;

	/**
	 * Makes a striker.
	 * @param primary the server that the nodes work on
	 * @param standby its standby
	 * @param move leads whoever connects from then on to the standby, and leaves alone
	 * who is connected
	 * @param database the fleet's database
	 * @param fleet the fleet
	 */
	FailoverStriker(EmbeddedPostgres primary, EmbeddedPostgres standby, Runnable move, FleetDatabase database,
			Fleet fleet) {
		this.primary = primary;
		this.standby = standby;
		this.move = move;
		this.watch = new WorkWatch(database, fleet);
	}

	@Override
	public Duration pause() {
		return Duration.ofSeconds(2);
	}

	@Override
	public boolean strike() {
		if (this.resumed != null || !this.watch.isBusy()) {
			return false;
		}
		Instant from = Instant.now();
		this.primary.crash();
		this.primary.restartReadOnly();
		awaitNodesAtOldPrimary();
		this.standby.promote();
		this.move.run();
		Instant back = Instant.now();
		this.resumed = this.watch.untilAtWork(back);
		this.disturbances.add(new Period(from, back.plus(this.resumed)));
		return true;
	}

	// Each has its pools there, and has been refused what it wants to write.
	private void awaitNodesAtOldPrimary() {
		ServerScene scene = new ServerScene(this.primary, this.primary.jdbcUrl(), Duration.ZERO, Duration.ZERO);
		Awaitility.await()
			.ignoreExceptionsInstanceOf(SQLException.class)
			.atMost(WorkWatch.LIMIT.multipliedBy(2))
			.pollInterval(Duration.ofMillis(50))
			.until(() -> {
				try (Connection connection = scene.connect()) {
					return ServerScene.number(connection, """
							select count(distinct application_name) from pg_stat_activity
							where application_name like 'node-%'
							""") >= 2;
				}
			});
		ServerScene.pass(Duration.ofSeconds(1));
	}

	@Override
	public List<Period> disturbances() {
		return List.copyOf(this.disturbances);
	}

	/**
	 * Tells how long after the promotion all nodes worked again.
	 * @return the time, or {@code null} if there was no failover
	 */
	@Nullable Duration resumed() {
		return this.resumed;
	}

}
