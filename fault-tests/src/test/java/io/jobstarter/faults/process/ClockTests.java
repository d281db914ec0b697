package io.jobstarter.faults.process;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

import io.jobstarter.JobId;
import io.jobstarter.RecurringRequest;
import io.jobstarter.faults.Jobs.Tick;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.RelayJobs.Relay;
import io.jobstarter.faults.fleet.FakeTime;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Nodes whose clocks are hours off, or go too fast, on a database whose clock is right.
 */
class ClockTests {

	private static final int PERMITS = 5;

	private static final String RATE = "--background-jobs.queues.rated.";

	private final Form form = Form.current();

	@Test
	void nothingRunsEarlyAndNobodyLosesAJobWhateverTheClocksOfNodesSay() {
		assumeThat(FakeTime.isInstalled()).as("faketime is installed").isTrue();
		try (FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);
				Fleet fleet = new Fleet(database, this.form.settings())) {
			NodeOptions rated = NodeOptions.NONE.with(RATE + "concurrency=2")
				.with(RATE + "rate-limit.permits=" + PERMITS)
				.with(RATE + "rate-limit.per=1s");
			fleet.start(rated.withClock("+3h"));
			fleet.start(rated.withClock("-3h"));
			if (this.form.isLong()) {
				fleet.start(rated.withClock("+0 x1.5"));
			}
			fleet.awaitAtWork(this.form.isLong() ? 3 : 2);
			Set<Long> workers = Form.workers(database);
			Map<Integer, Instant> due = enqueue(database);
			RecurringRequest recurring = RecurringRequest.of("tick", "every 1 seconds", new Tick());
			database.operations().recurring().put(recurring);
			// Body after body for longer than two leases: whoever is taken for dead loses
			// one.
			database.client()
				.enqueueAll(IntStream.range(1_000, 1_004)
					.mapToObj((i) -> Work.taking(i, (int) this.form.lease().multipliedBy(3).toMillis()))
					.toList());
			Form.await()
				.until(() -> database.count("background_job_job where name in ('work', 'relay')") == 0
						&& database.count("tick") >= 5);
			due.forEach((number, instant) -> assertThat(firstStart(database, number)).as("start of job %d", number)
				.isAfterOrEqualTo(instant)
				.isBefore(instant.plusSeconds(10)));
			assertThat(Form.workers(database)).isEqualTo(workers);
			assertThat(database.count("background_job_history where crashes > 0")).isZero();
			assertThat(database.count("ledger where number between 1000 and 1003")).isEqualTo(4);
			checkRelays(database);
			checkRetries(database);
			checkFires(database);
			checkRate(database);
		}
	}

	// By number: when each is due, by the database's clock, which is this JVM's as well.
	private static Map<Integer, Instant> enqueue(FleetDatabase database) {
		Map<Integer, Instant> due = new TreeMap<>();
		for (int number = 0; number < 10; number++) {
			JobId in = database.client().job(Work.taking(number, 1)).in(Duration.ofSeconds(2)).enqueue().id();
			due.put(number, dueAt(database, in));
			Instant instant = database.now().plusSeconds(2);
			database.client().job(Work.taking(100 + number, 1)).at(instant).enqueue();
			due.put(100 + number, instant);
			database.client().enqueue(new Relay(200 + 2 * number, 2_000));
			database.client().enqueue(new Work(300 + number, 1, 2));
		}
		for (int number = 400; number < 400 + 3 * PERMITS; number++) {
			database.client().job(Work.taking(number, 1)).queue("rated").enqueue();
		}
		return due;
	}

	private static Instant dueAt(FleetDatabase database, JobId job) {
		return database.jdbc()
			.queryForObject("select due_at from background_job_job where id = ?", Timestamp.class, job.value())
			.toInstant();
	}

	private static Instant firstStart(FleetDatabase database, int number) {
		return database.jdbc()
			.queryForObject("select min(started_at) from ledger where number = ?", Timestamp.class, number)
			.toInstant();
	}

	// What a node with a wrong clock delays is delayed by as much.
	private static void checkRelays(FleetDatabase database) {
		for (int number = 200; number < 220; number += 2) {
			Duration later = Duration.between(firstStart(database, number), firstStart(database, number + 1));
			assertThat(later).as("relay %d", number).isBetween(Duration.ofMillis(1_950), Duration.ofSeconds(12));
		}
	}

	private static void checkRetries(FleetDatabase database) {
		for (int number = 300; number < 310; number++) {
			List<Timestamp> starts = database.jdbc()
				.queryForList("select started_at from ledger where number = ? order by started_at", Timestamp.class,
						number);
			assertThat(starts).as("attempts of job %d", number).hasSize(3);
			assertThat(Duration.between(starts.get(0).toInstant(), starts.get(2).toInstant()))
				.isGreaterThanOrEqualTo(Duration.ofMillis(400));
		}
	}

	private static void checkFires(FleetDatabase database) {
		List<Map<String, Object>> ticks = database.jdbc()
			.queryForList("select fire_millis, started_at from tick order by fire_millis");
		assertThat(ticks).extracting((tick) -> tick.get("fire_millis")).doesNotHaveDuplicates();
		ticks.forEach((tick) -> {
			Instant fire = Instant.ofEpochMilli((Long) tick.get("fire_millis"));
			assertThat(((Timestamp) tick.get("started_at")).toInstant()).isAfterOrEqualTo(fire)
				.isBefore(fire.plusSeconds(8));
		});
	}

	private static void checkRate(FleetDatabase database) {
		List<Timestamp> starts = database.jdbc()
			.queryForList("select started_at from background_job_history where queue = 'rated' order by started_at",
					Timestamp.class);
		assertThat(starts).hasSize(3 * PERMITS);
		for (int i = PERMITS; i < starts.size(); i++) {
			assertThat(Duration.between(starts.get(i - PERMITS).toInstant(), starts.get(i).toInstant()))
				.as("permits in a second")
				.isGreaterThanOrEqualTo(Duration.ofSeconds(1));
		}
	}

}
