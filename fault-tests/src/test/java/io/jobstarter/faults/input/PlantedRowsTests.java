package io.jobstarter.faults.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.RecurringRequest;
import io.jobstarter.faults.InputJobs.Note;
import io.jobstarter.faults.Jobs.Effect;
import io.jobstarter.faults.Jobs.Tick;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Somebody who can write to the tables plants rows that name classes, or hold serialized
 * objects, or states that there are not. A node works on with the others, and no class is
 * loaded because a row names it.
 */
class PlantedRowsTests {

	private static final String CLASS = "io.jobstarter.faults.Bait";

	// The beginning of every object that Java has serialized, as text.
	private static final String BLOB = "rO0ABXNyABlpby5qb2JzdGFydGVyLmZhdWx0cy5CYWl0AAAAAAAAAAECAAB4cA==";

	private static final Duration SOON = Duration.ofSeconds(90);

	private static final String RAISE = """
			create function forge() returns trigger language plpgsql as $$
			begin
			    if new.name = 'effect' then
			        raise exception E'no room\\nFORGED all is well\\r\\x1b[31m red';
			    end if;
			    return new;
			end $$
			""";

	@TempDir
	private static Path directory;

	private static FleetDatabase database;

	private static Fleet fleet;

	private static NodeProcess node;

	private static final Set<Integer> readable = new TreeSet<>();

	private static final List<JobId> unreadable = new ArrayList<>();

	private static final List<JobId> nameless = new ArrayList<>();

	private static JobId redriven;

	private static int numbers;

	@BeforeAll
	static void plantAndStart() {
		database = FleetDatabase.create(FleetServer.POSTGRESQL);
		plantJobs();
		plantLetter();
		plantRecurring();
		plantOtherRows();
		plantWordsOfNobody();
		database.jdbc().execute(RAISE);
		database.jdbc()
			.execute("create trigger forge before insert on background_job_history for each row "
					+ "execute function forge()");
		fleet = new Fleet(database, List.of("--background-jobs.worker.lease=3s",
				"--background-jobs.worker.heartbeat=400ms", "--background-jobs.worker.poll-interval=100ms"));
		node = fleet.start(NodeOptions.NONE.withJvm("-Xlog:class+load=info:file=" + classes()));
		fleet.awaitAtWork(1);
	}

	@AfterAll
	static void close() {
		if (fleet != null) {
			fleet.close();
		}
		if (database != null) {
			database.close();
		}
	}

	private static Path classes() {
		return directory.resolve("classes.log");
	}

	private static void plantJobs() {
		runs("payload", "{\"@class\":\"" + CLASS + "\",\"number\":%d,\"extra\":{\"@class\":\"" + CLASS + "\"}}");
		runs("payload", "{\"number\":%d,\"extra\":[\"" + CLASS + "\",{\"a\":1}],\"@type\":\"" + CLASS + "\"}");
		runs("headers", "{\"@class\":\"" + CLASS + "\",\"background-jobs-unique\":\"" + BLOB + "\"}");
		runs("headers", "[\"" + CLASS + "\",{}]");
		runs("headers", BLOB);
		runs("tags", ",," + CLASS + "," + BLOB);
		runs("rule_counts", CLASS + "=7;" + CLASS + "@=99;" + BLOB);
		runs("blocked_by", CLASS);
		runs("limits", "c" + CLASS + ":x\nz" + BLOB + "\n" + BLOB);
		isUnreadable("[\"" + CLASS + "\",{\"number\":1}]");
		isUnreadable(BLOB);
		isUnreadable("\"" + BLOB + "\"");
		isUnreadable("!!" + CLASS + " {}");
		isUnreadable("{\"number\":{\"@class\":\"" + CLASS + "\"}}");
		for (String name : List.of(CLASS, "Bait", "note\u001B[31m", BLOB)) {
			nameless.add(planted("name", name));
		}
		database.client().enqueue(Effect.taking(number(), 0));
		readable.add(numbers);
		JobId failing = database.client().enqueue(new Work(number(), 0, 1)).id();
		readable.add(numbers);
		set(failing, "rule_counts", CLASS + "=3;x@=" + BLOB + ";trace=" + BLOB);
	}

	private static int number() {
		return ++numbers;
	}

	private static void runs(String column, String value) {
		planted(column, value.formatted(numbers + 1));
		readable.add(numbers);
	}

	private static void isUnreadable(String payload) {
		unreadable.add(planted("payload", payload));
	}

	private static JobId planted(String column, String value) {
		JobId id = database.client().enqueue(new Note(number(), null)).id();
		set(id, column, value);
		return id;
	}

	private static void set(JobId id, String column, String value) {
		database.jdbc().update("update background_job_job set " + column + " = ? where id = ?", value, id.value());
	}

	// A dead letter as a node may have left it, but for what it says.
	private static void plantLetter() {
		JobId letter = database.client().enqueue(new Note(number(), null)).id();
		database.jdbc()
			.update("""
					insert into background_job_dead_letter (job_id, name, queue, priority, reason, error_class, message,
					    stack_trace, attempts, crashes, enqueued_at, due_at, first_failed_at, payload, headers, callback_due)
					select id, name, queue, priority, 'exhausted', ?, ?, ?, 1, 0, now(), now(), now(), ?, ?, now()
					from background_job_job where id = ?
					""",
					CLASS, BLOB, BLOB, BLOB, "{\"@class\":\"" + CLASS + "\"}", letter.value());
		database.jdbc().update("delete from background_job_job where id = ?", letter.value());
		redriven = database.operations().retry(letter);
	}

	private static void plantRecurring() {
		for (String id : List.of("a-healthy", "b-payload", "c-job", "d-schedule", "e-misfire", "f-overlap", "g-zone",
				"z-healthy")) {
			database.operations().recurring().put(RecurringRequest.of(id, "* * * * * *", new Tick()));
		}
		recurring("b-payload", "payload", BLOB);
		recurring("c-job", "job_name", CLASS);
		recurring("d-schedule", "schedule", BLOB);
		recurring("e-misfire", "misfire", "BAIT");
		recurring("f-overlap", "overlap", "BAIT");
		recurring("g-zone", "zone", CLASS);
	}

	private static void recurring(String id, String column, String value) {
		database.jdbc().update("update background_job_recurring set " + column + " = ? where id = ?", value, id);
	}

	private static void plantOtherRows() {
		database.jdbc()
			.update("insert into background_job_worker (id, host, pid, expires_at, report, serves, job_names) "
					+ "values (1, ?, 1, now() + interval '1' hour, ?, ?, ?)", CLASS, "{\"@class\":\"" + CLASS + "\"}",
					BLOB, BLOB);
		database.jdbc()
			.update("insert into background_job_breaker (name, state, generation, changed_by) values (?, 'BAIT', 1, ?)",
					CLASS, BLOB);
	}

	private static void plantWordsOfNobody() {
		JobId letter = database.client().enqueue(new Note(number(), null)).id();
		database.jdbc().update("""
				insert into background_job_dead_letter (job_id, name, queue, priority, reason, error_class, message,
				    stack_trace, attempts, crashes, enqueued_at, due_at, first_failed_at, payload)
				select id, name, queue, priority, 'bait', '', '', '', 1, 0, now(), now(), now(), payload
				from background_job_job where id = ?
				""", letter.value());
		database.jdbc().update("delete from background_job_job where id = ?", letter.value());
	}

	@Test
	void runsWhatCanBeReadWhateverIsPlantedInTheRest() {
		await().atMost(SOON).untilAsserted(() -> assertThat(database.started()).containsAll(readable));
		assertThat(database.effects()).hasSize(1);
	}

	@Test
	void buriesWhatCannotBeReadAndRunsItNeitherNowNorAfterARedrive() {
		List<JobId> all = new ArrayList<>(unreadable);
		all.add(redriven);
		JobOperations operations = database.operations();
		await().atMost(SOON).until(() -> all.stream().allMatch((id) -> operations.deadLetter(id).isPresent()));
		assertThat(all).extracting((id) -> operations.deadLetter(id).orElseThrow()).allSatisfy((letter) -> {
			assertThat(letter.reason()).isEqualTo(DeadReason.UNREADABLE);
			assertThat(letter.attempts()).isZero();
			assertThat(letter.failure().message()).doesNotContain("rO0AB", "Bait");
		});
	}

	@Test
	void leavesNamesToOthersThatNobodyHereHandles() {
		await().atMost(SOON).until(() -> database.started().containsAll(readable));
		assertThat(nameless).extracting((id) -> database.operations().find(id).map(JobInfo::state).orElseThrow())
			.containsOnly(JobState.READY);
	}

	@Test
	void firesOtherRecurringJobsBesideThoseThatCannotBeRead() {
		// What it cannot read it leaves to others.
		assertThat(database.jdbc()
			.queryForList("select distinct recurring_id from background_job_recurring_fire", String.class))
			.doesNotContain("d-schedule", "e-misfire", "f-overlap", "g-zone");
		for (String id : List.of("a-healthy", "z-healthy")) {
			await().atMost(SOON)
				.until(() -> database.count("background_job_recurring_fire where recurring_id = '" + id + "'") >= 2);
		}
		await().atMost(SOON).until(() -> database.count("tick") > 0);
	}

	@Test
	void loadsNoClassThatARowNames() throws IOException {
		await().atMost(SOON).until(() -> database.count("background_job_job where name = 'note' and state = 0") == 0);
		List<String> loaded = Files.readAllLines(classes());
		assertThat(loaded).anyMatch((line) -> line.contains("io.jobstarter.faults.InputJobs"))
			.noneMatch((line) -> line.contains(CLASS));
		assertThat(node.log()).doesNotContain("The bait was taken");
	}

	@Test
	void writesLinesToTheLogWhateverTheDatabaseSays() {
		await().atMost(SOON).until(() -> node.log().contains("history of job"));
		assertThat(node.log().lines()).noneMatch((line) -> line.startsWith("FORGED"));
		assertThat(node.log().chars().filter((c) -> c != '\n' && c != '\t')).noneMatch(Character::isISOControl);
	}

	@Test
	void staysHealthyAndShowsItself() {
		await().atMost(SOON).untilAsserted(() -> assertThat(node.health()).startsWith("UP"));
		assertThat(database.operations().workers()).hasSizeGreaterThanOrEqualTo(2);
		assertThat(database.operations().recurring().list(null, 200)).isNotEmpty();
		assertThat(database.operations().breakers()).isNotEmpty();
		assertThat(database.operations().deadLetters(DeadLetterFilter.OPEN, null, 200).items()).isNotEmpty();
		nameless.forEach((id) -> assertThat(database.operations().why(id)).isPresent());
	}

}
