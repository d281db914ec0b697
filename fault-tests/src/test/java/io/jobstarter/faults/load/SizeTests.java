package io.jobstarter.faults.load;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.RecurringRequest;
import io.jobstarter.faults.LoudJobs.Kind;
import io.jobstarter.faults.LoudJobs.Loud;
import io.jobstarter.faults.LoudJobs.Text;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is too large is refused where somebody can act on it, and cut where nobody can.
 */
class SizeTests {

	/** The default of {@code background-jobs.defaults.max-payload}. */
	private static final int LIMIT = 64 * 1024;

	private static final int MAX_TEXT = 65_536;

	private static final int MAX_REASON = 1_000;

	private static final long MAX_LOG = 2_000_000;

	// There is room for one message of 50 MB on the heap, not for five.
	private static final List<String> ONE_AT_A_TIME = List.of("--background-jobs.queues.default.concurrency=1");

	static Stream<FleetServer> servers() {
		return FleetServer.available().stream().filter((server) -> server != FleetServer.PGBOUNCER);
	}

	@ParameterizedTest
	@MethodSource("servers")
	void nothingThatIsTooLargeIsStored(FleetServer server) throws IOException {
		try (FleetDatabase database = FleetDatabase.create(server); Fleet fleet = new Fleet(database, ONE_AT_A_TIME)) {
			List<Loud> loud = Stream.of(Kind.values()).map(Loud::new).toList();
			database.client().enqueueAll(loud);
			NodeProcess node = fleet.start();
			refusesPayloads(database);
			Awaitility.await()
				.atMost(Duration.ofSeconds(120))
				.pollInterval(Duration.ofMillis(50))
				.until(() -> database.count("background_job_job") == 0);
			cutsMessages(database);
			assertThat(Files.size(node.logFile())).as("bytes of the node's log").isLessThan(MAX_LOG);
			refusesCorrections(database);
		}
	}

	private static void refusesPayloads(FleetDatabase database) {
		int before = database.count("background_job_job");
		Text text = new Text("ä".repeat(LIMIT / 2));
		refused(() -> database.client().enqueue(text));
		refused(() -> database.client().enqueue(new Text("x".repeat(50_000_000))));
		refused(() -> database.client().enqueueAll(List.of(new Text("small"), text)));
		refused(() -> database.client().job(text).in(Duration.ofHours(1)).enqueue());
		refused(() -> database.operations().recurring().put(RecurringRequest.of("large", "every hour", text)));
		refused(() -> database.operations()
			.recurring()
			.put(RecurringRequest.ofJobNamed("large", "every hour", "text", "{\"text\":\"" + text.text() + "\"}")));
		assertThat(database.count("background_job_job")).isLessThanOrEqualTo(before);
		assertThat(database.count("background_job_job where name = 'text'")).isZero();
		assertThat(database.count("background_job_recurring")).isZero();
	}

	private static void cutsMessages(FleetDatabase database) {
		for (String table : List.of("background_job_failure", "background_job_dead_letter")) {
			assertThat(longest(database, "message", table)).as("message in %s", table)
				.isBetween(MAX_TEXT - 1, MAX_TEXT);
			assertThat(longest(database, "stack_trace", table)).as("trace in %s", table).isBetween(100, MAX_TEXT);
		}
		assertThat(longest(database, "reason", "background_job_history")).isBetween(MAX_REASON - 1, MAX_REASON);
		assertThat(database.count("background_job_dead_letter")).isEqualTo(Kind.values().length - 1);
	}

	private static int longest(FleetDatabase database, String column, String table) {
		Integer length = database.jdbc()
			.queryForObject("select coalesce(max(char_length(%s)), 0) from %s".formatted(column, table), Integer.class);
		return (length != null) ? length : -1;
	}

	private static void refusesCorrections(FleetDatabase database) {
		JobOperations operations = database.operations();
		List<DeadLetter> letters = operations.deadLetters(DeadLetterFilter.OPEN, null, 10).items();
		JobId letter = letters.get(0).id();
		String large = "{\"kind\":\"MESSAGE\"" + " ".repeat(LIMIT) + "}";
		refused(() -> operations.redrives().redriveCorrected(letter, large, Audit.NONE));
		assertThat(database.count("background_job_job")).isZero();
		assertThat(operations.deadLetters(DeadLetterFilter.OPEN, null, 10).items()).hasSameSizeAs(letters);
	}

	private static void refused(ThrowingCallable call) {
		assertThatExceptionOfType(InvalidPayloadException.class).isThrownBy(call).withMessageContaining("max-payload");
	}

}
