package io.jobstarter.faults.fires;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.jobstarter.Audit;
import io.jobstarter.Misfire;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringRequest;
import io.jobstarter.faults.Jobs.Tick;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.oracle.Invariants;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of fires for which there was no node, and no database.
 */
class MisfireTests {

	private static final Audit AUDIT = new Audit("test", "as the test has it");

	/** What a recurring job makes up for at most. */
	private static final int CAP = 100;

	private static final int OUTAGE_HOURS = 5;

	private final EmbeddedPostgres server = EmbeddedPostgres.start();

	private final FleetDatabase database = FleetDatabase.open(FleetServer.POSTGRESQL, FleetServer.accessTo(this.server),
			List.of());

	private final Fleet fleet = new Fleet(this.database, settings());

	@AfterEach
	void close() {
		this.fleet.close();
		this.database.close();
		this.server.close();
	}

	// Half an hour from now, so that no fire of theirs is on time.
	private static List<String> settings() {
		String hourly = "0 " + Instant.now().plus(Duration.ofMinutes(30)).atZone(ZoneOffset.UTC).getMinute()
				+ " * * * *";
		List<String> settings = new ArrayList<>();
		Map.of("all-of-seconds", "every 1 seconds", "once-of-seconds", "every 1 seconds", "skip-of-hours", hourly,
				"once-of-hours", hourly, "all-of-minutes", "every 1 minutes")
			.forEach((id, schedule) -> {
				String key = "--background-jobs.recurring." + id + ".";
				settings.addAll(List.of(key + "schedule=" + schedule, key + "job=tick",
						key + "misfire=" + id.substring(0, id.indexOf('-'))));
			});
		settings.add("--background-jobs.worker.lease=2s");
		settings.add("--background-jobs.worker.heartbeat=250ms");
		return settings;
	}

	@Test
	void afterAnOutageOfAllNodesAndTheServerEachPolicyIsFollowed() {
		Instant begun = this.database.now();
		NodeProcess node = this.fleet.start();
		await().until(() -> fires("all-of-seconds").size() >= 3 && fires("once-of-seconds").size() >= 3);
		node.kill();
		Instant down = this.database.now();
		this.server.stop();
		await().until(() -> Instant.now().isAfter(down.plusSeconds(5)));
		this.server.restart();
		Instant back = await().ignoreExceptions().until(this.database::now, (now) -> true);
		// These have missed more than a test can wait for.
		this.database.jdbc().update("""
				update background_job_recurring set next_fire_at = next_fire_at - cast(? as int) * interval '1 hour'
				where id like '%-of-hours' or id = 'all-of-minutes'
				""", OUTAGE_HOURS);
		this.fleet.start();
		await().until(() -> fires("all-of-seconds").stream().anyMatch((fire) -> fire.isAfter(back.plusSeconds(4))));
		await().until(() -> fires("all-of-minutes").size() >= CAP && fires("once-of-hours").size() == 1
				&& recurring("skip-of-hours").missed() > 0);
		assertThatNoSecondIsMissing(fires("all-of-seconds"));
		assertThat(fires("once-of-seconds"))
			.noneMatch((fire) -> fire.isAfter(down.plusSeconds(1)) && fire.isBefore(back));
		assertThat(recurring("once-of-seconds").missed()).isGreaterThanOrEqualTo(4);
		assertThat(fires("skip-of-hours")).isEmpty();
		assertThat(recurring("skip-of-hours").missed()).isEqualTo(OUTAGE_HOURS);
		assertThat(recurring("once-of-hours").missed()).isEqualTo(OUTAGE_HOURS - 1);
		// Those of minutes that have begun meanwhile come on top.
		assertThat(fires("all-of-minutes").size()).isBetween(CAP,
				CAP + 1 + (int) Duration.between(begun, this.database.now()).toMinutes());
		assertThat(recurring("all-of-minutes").missed()).isGreaterThanOrEqualTo(OUTAGE_HOURS * 60 - CAP - 1);
		whatIsDeletedAndMadeAgainFiresNothingOld();
		this.database.operations().recurring().list(null, 10).forEach((job) -> pause(job.id()));
		await().until(() -> this.database.count("background_job_job") == 0);
		assertThat(
				this.database.count("tick where fire_millis not in (select cast(extract(epoch from fire_at) * 1000 as "
						+ "bigint) from background_job_recurring_fire)"))
			.as("bodies of fires that were not noted")
			.isZero();
		assertThat(this.database.count("(select job_id from tick group by job_id having count(*) > 1) twice")).isZero();
		assertThat(Invariants.brokenAfter(this.database.jdbc(), Duration.ofSeconds(10))).isEmpty();
	}

	private void whatIsDeletedAndMadeAgainFiresNothingOld() {
		put();
		await().until(() -> fires("made-again").size() >= 2);
		assertThat(this.database.operations().recurring().remove("made-again", AUDIT)).isTrue();
		Instant removed = this.database.now();
		await().until(() -> this.database.now().isAfter(removed.plusSeconds(3)));
		Instant again = this.database.now();
		put();
		await().until(() -> fires("made-again").stream().filter((fire) -> fire.isAfter(again)).count() >= 2);
		assertThat(fires("made-again"))
			.noneMatch((fire) -> fire.isAfter(removed.plusSeconds(1)) && fire.isBefore(again));
	}

	private void put() {
		this.database.operations()
			.recurring()
			.put(RecurringRequest.of("made-again", "every 1 seconds", new Tick()).misfire(Misfire.ALL), AUDIT);
	}

	private void pause(String id) {
		this.database.operations().recurring().pause(id, AUDIT);
	}

	private static void assertThatNoSecondIsMissing(List<Instant> fires) {
		for (int i = 1; i < fires.size(); i++) {
			assertThat(fires.get(i)).isEqualTo(fires.get(i - 1).plusSeconds(1));
		}
	}

	private RecurringJob recurring(String id) {
		return this.database.operations().recurring().find(id).orElseThrow();
	}

	private List<Instant> fires(String id) {
		return this.database.jdbc()
			.query("select fire_at from background_job_recurring_fire where recurring_id = ? order by fire_at",
					(row, number) -> row.getTimestamp(1).toInstant(), id);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100));
	}

}
