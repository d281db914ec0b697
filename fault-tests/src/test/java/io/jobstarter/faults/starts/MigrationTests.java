package io.jobstarter.faults.starts;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.jobstarter.faults.Jobs.Effect;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Nodes that start together and find no tables, or old ones: one of them migrates, and if
 * it is killed in the midst of that, another.
 */
class MigrationTests {

	private static final int NODES = 5;

	private static final String HISTORY = "background_job_schema_history";

	/** What version 4 creates: by then versions 1 to 3 are there. */
	private static final String OF_VERSION_4 = "background_job_breaker";

	/** What version 3 creates when it has moved the old history out of the way. */
	private static final String OF_VERSION_3 = "background_job_history_default";

	private static final List<String> SHORT_LEASE = List.of("--background-jobs.worker.lease=2s",
			"--background-jobs.worker.heartbeat=250ms");

	private static final String HELD_UP = """
			select application_name from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock' and application_name like 'node-%'
			""";

	/** Who migrates, and who asks again and again whether it is over. */
	private static final String AT_THE_MIGRATION = """
			select distinct application_name from pg_stat_activity
			where datname = current_database() and application_name like 'node-%'
			and (wait_event_type = 'Lock' or query = 'ROLLBACK' or query like '%advisory_xact%')
			""";

	private FleetDatabase database;

	private Fleet fleet;

	@AfterEach
	void close() {
		if (this.fleet != null) {
			this.fleet.close();
			this.database.close();
		}
	}

	@Test
	void fiveNodesMigrateAnEmptyDatabaseOnceThoughOneIsKilledInTheMidstOfIt() throws SQLException {
		use(FleetServer.POSTGRESQL);
		MigrationHold first = hold(HISTORY);
		IntStream.range(0, NODES).forEach((i) -> this.fleet.start());
		await().until(() -> names(AT_THE_MIGRATION).size() == NODES);
		List<String> heldUp = await().until(() -> names(HELD_UP), (names) -> !names.isEmpty());
		assertThat(heldUp).as("nodes that migrate").hasSize(1);
		String migrating = heldUp.get(0);
		MigrationHold middle = hold(OF_VERSION_4);
		try {
			first.close();
			await().ignoreExceptions().until(() -> versions().size() == 3);
			assertThat(await().until(() -> names(HELD_UP), (names) -> !names.isEmpty())).as("nodes that migrate")
				.containsExactly(migrating);
			node(migrating).kill();
		}
		finally {
			middle.close();
		}
		awaitAtWork(NODES - 1);
		assertThat(versions()).doesNotHaveDuplicates().contains("1", "3", "4", "13");
		assertThat(this.database.count(HISTORY + " where not success")).isZero();
		assertThatJobsRun();
	}

	@Test
	void aNodeThatIsKilledWhileItCutsTheHistoryByDayHarmsNeitherTheHistoryNorTheOthers() throws SQLException {
		use(FleetServer.POSTGRESQL);
		migrateTo("2");
		fillHistory(2_000);
		MigrationHold middle = hold(OF_VERSION_3);
		try {
			this.fleet.start();
			this.fleet.start();
			// The migration itself waits no longer than a second.
			node(awaitClosely().until(() -> names(HELD_UP), (names) -> !names.isEmpty()).get(0)).kill();
			assertThat(versions()).containsExactly("1", "2");
			assertThat(this.database.count("background_job_history")).isEqualTo(2_000);
		}
		finally {
			middle.close();
		}
		awaitAtWork(1);
		assertThat(versions()).doesNotHaveDuplicates().contains("3", "13");
		assertThat(this.database.count("background_job_history")).isEqualTo(2_000);
		assertThat(this.database.count("background_job_history_before")).isEqualTo(2_000);
		assertThatJobsRun();
		assertThat(this.database.count("background_job_history where id = 1000007 and state = 'SUCCEEDED'")).isOne();
	}

	// Where each statement is a transaction of its own, what was done half-way stays.
	@Test
	void onMariaDbAnotherNodeCompletesWhatOneHadDoneHalfWayWhenItWasKilled() throws SQLException {
		assumeTrue(new RunProperties("faults.", System::getProperty).isLong(), "Takes the long form");
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		use(FleetServer.MARIADB);
		NodeProcess first = this.fleet.start();
		awaitClosely().until(() -> this.database.count("""
				information_schema.tables where table_schema = database() and table_name = 'background_job_job'
				""") == 1);
		ReadHold hold = ReadHold.of(dataSource(), "background_job_job");
		try {
			this.fleet.start();
			await().until(() -> this.database.count("""
					information_schema.processlist where db = database() and state = 'Waiting for table metadata lock'
					""") == 1);
			first.kill();
			this.fleet.start();
		}
		finally {
			hold.close();
		}
		awaitAtWork(2);
		assertThat(versions()).doesNotHaveDuplicates().contains("1", "4", "13");
		assertThat(this.database.count(HISTORY + " where success = 0")).isZero();
		assertThatJobsRun();
	}

	private void use(FleetServer server) {
		this.database = FleetDatabase.empty(server);
		this.fleet = new Fleet(this.database, SHORT_LEASE);
	}

	private MigrationHold hold(String table) throws SQLException {
		return MigrationHold.at(dataSource(), table);
	}

	private DataSource dataSource() {
		return Objects.requireNonNull(this.database.jdbc().getDataSource());
	}

	// As a release that knew no more would have done.
	private void migrateTo(String version) {
		Flyway.configure()
			.dataSource(dataSource())
			.locations("classpath:io/jobstarter/store/jdbc/migration/postgresql")
			.table(HISTORY)
			.placeholders(Map.of("prefix", "background_job_"))
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.target(version)
			.load()
			.migrate();
	}

	private void fillHistory(int rows) {
		this.database.jdbc()
			.update("""
					insert into background_job_history (id, name, queue, priority, state, attempts, crashes, enqueued_at,
					    due_at, finished_at)
					select 1000000 + n, 'work', 'default', 0, 'SUCCEEDED', 0, 0, now(), now(), now() - n * interval '1 minute'
					from generate_series(1, ?) n
					""",
					rows);
	}

	private NodeProcess node(String name) {
		return this.fleet.all().stream().filter((node) -> node.name().equals(name)).findFirst().orElseThrow();
	}

	private List<String> names(String query) {
		return this.database.jdbc().queryForList(query, String.class);
	}

	private List<String> versions() {
		return names("select version from " + HISTORY + " where version <> '0' order by installed_rank");
	}

	private void awaitAtWork(int count) {
		await().ignoreExceptions()
			.failFast("A node has ended", () -> this.fleet.alive().size() < count)
			.until(() -> this.fleet.atWork().size() == count);
		assertThat(this.fleet.alive()).as("nodes that were not killed").hasSize(count);
	}

	private void assertThatJobsRun() {
		this.database.join(List.of());
		this.database.client().enqueueAll(IntStream.range(0, 40).mapToObj((i) -> Work.taking(i, 5)).toList());
		this.database.client().enqueueAll(IntStream.range(40, 60).mapToObj((i) -> Effect.taking(i, 5)).toList());
		await().until(() -> this.database.count("background_job_job") == 0);
		assertThat(this.database.count("ledger")).isEqualTo(60);
		assertThat(this.database.effects()).hasSize(20);
		assertThat(this.database.count("background_job_dead_letter")).isZero();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(50));
	}

	private static ConditionFactory awaitClosely() {
		return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
	}

}
