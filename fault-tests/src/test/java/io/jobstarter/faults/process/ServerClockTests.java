package io.jobstarter.faults.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.FakeTime;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PostgresOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A database whose clock steps by hours, forward and back; in the long form only.
 */
class ServerClockTests {

	private final Form form = Form.current();

	private Path offset;

	@BeforeEach
	void makeFile() throws IOException {
		assumeThat(this.form.isLong()).as("the long form: -Dfaults.form=long").isTrue();
		assumeThat(FakeTime.isInstalled()).as("faketime is installed").isTrue();
		// For the server's account as well.
		Path directory = Files.createTempDirectory("clock-",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
		this.offset = directory.resolve("offset");
		Files.writeString(this.offset, "+0\n");
	}

	@Test
	void noNodeLosesAJobAndNothingStandsStillWhenTheClockOfTheDatabaseSteps() throws IOException {
		PostgresOptions options = PostgresOptions.defaults().withEnvironment(FakeTime.environmentOf(this.offset));
		try (EmbeddedPostgres server = EmbeddedPostgres.start(options);
				FleetDatabase database = FleetDatabase.open(FleetServer.POSTGRESQL, FleetServer.accessTo(server),
						List.of());
				Fleet fleet = new Fleet(database, this.form.settings())) {
			fleet.start(2);
			Set<Long> workers = Form.workers(database);
			database.client()
				.enqueueAll(IntStream.range(0, 4).mapToObj((number) -> Work.taking(number, 600_000)).toList());
			Form.await().until(() -> database.count("ledger") == 4);
			int number = step(database, "+2h", 100);
			number = step(database, "-2h", number);
			number = step(database, "+0", number);
			assertThat(Form.workers(database)).as("who lived all the time").isEqualTo(workers);
			assertThat(database.count("ledger where number < 4")).isEqualTo(4);
			assertThat(database.count("background_job_job where crashes > 0")).isZero();
			NodeProcess doomed = fleet.atWork().get(0);
			doomed.kill();
			Form.await(this.form.orphanLimit().plus(this.form.lease()))
				.until(() -> database.count("background_job_worker where pid = " + doomed.pid()) == 0);
		}
	}

	// Awaited by what they do: work at once, work that is due soon, and two leases.
	private int step(FleetDatabase database, String to, int first) throws IOException {
		Instant before = database.now();
		Files.writeString(this.offset, to + "\n");
		Form.await().until(() -> Duration.between(before, database.now()).abs().toMinutes() > 30);
		database.client().enqueue(Work.taking(first, 1));
		database.client().job(Work.taking(first + 1, 1)).in(Duration.ofSeconds(1)).enqueue();
		database.client().job(Work.taking(first + 2, 1)).in(this.form.lease().multipliedBy(2)).enqueue();
		database.client().enqueue(new Work(first + 3, 1, 1));
		Form.await(this.form.lease().multipliedBy(2).plusSeconds(10))
			.until(() -> database.started().containsAll(IntStream.range(first, first + 4).boxed().toList())
					&& database.count("background_job_job") == 4);
		return first + 4;
	}

}
