package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.HistoryDays.Upkeep;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The migration of a history that is one table into one that is cut by day.
 */
class HistoryMigrationTests {

	private static final Duration WEEK = Duration.ofDays(7);

	private final EmbeddedPostgres postgres = EmbeddedPostgres.shared();

	private String url;

	private HikariDataSource pool;

	private JdbcClient client;

	@BeforeEach
	void createTablesOfTheReleaseBefore() {
		this.url = this.postgres.createDatabase();
		this.pool = Pools.open(this.url, this.postgres.username(), this.postgres.password());
		this.client = JdbcClient.create(this.pool);
		flyway("2").migrate();
	}

	// Its connections end with it.
	private Flyway flyway(String target) {
		return Flyway.configure()
			.dataSource(this.url, this.postgres.username(), this.postgres.password())
			.locations("classpath:io/jobstarter/store/jdbc/migration/postgresql")
			.placeholders(Map.of("prefix", "background_job_"))
			.table("background_job_schema_history")
			.target(target)
			.load();
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	private void record(long id, String ago) {
		this.client.sql("""
				insert into background_job_history (id, name, queue, priority, state, attempts, crashes,
				    enqueued_at, due_at, finished_at, worker, claim)
				select :id, 'mail', 'default', 0, 'SUCCEEDED', 0, 0, t.at, t.at, t.at, :worker, :id
				from (select clock_timestamp() - cast(:ago as interval) as at) t
				""").param("id", id).param("ago", ago).param("worker", ME).update();
	}

	private StoreFixture migrate() {
		return new StoreFixture(this.pool, "background_job_");
	}

	private boolean exists(String table) {
		return this.client.sql("select to_regclass(:table) is not null")
			.param("table", table)
			.query(Boolean.class)
			.single();
	}

	@Test
	void keepsWhatTheHistoryHolds() {
		record(1_000_001, "6 days");
		record(1_000_002, "1 minute");
		StoreFixture fixture = migrate();
		fixture.beatForAnHour();
		long id = fixture.enqueue(StoreFixture.job("mail"));
		ClaimedJob job = fixture.claimOne();
		assertThat(fixture.settle(job, new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
		assertThat(fixture.stores.operationsStore().find(JobFilter.ALL, null, 10)).extracting(JobInfo::id)
			.containsExactly(new JobId(1_000_002), new JobId(1_000_001), new JobId(id));
		assertThat(fixture.stores.operationsStore().find(new JobId(1_000_001))).isPresent();
		assertThat(fixture.count("history_before")).isEqualTo(2);
		assertThat(fixture.count("history_default")).isZero();
	}

	@Test
	void readsNoMoreOfTheOldTableThanThatItIsNotEmpty() {
		for (long id = 1; id <= 10; id++) {
			record(id, "1 minute");
		}
		flyway("latest").migrate();
		await().until(this::reads, (reads) -> reads > 0);
		assertThat(reads()).isOne();
	}

	// Sessions tell of them when they end.
	private long reads() {
		return this.client.sql("""
				select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables
				where relname = 'background_job_history_before'
				""").query(Long.class).single();
	}

	@Test
	void leavesNoOldTableWhereThereIsNoHistory() {
		migrate();
		assertThat(exists("background_job_history_before")).isFalse();
		assertThat(exists("background_job_history_default")).isTrue();
	}

	@Test
	void theOldTableGoesWhenTheLastOfItIsPastTheRetention() {
		record(1, "9 days");
		record(2, "6 days");
		StoreFixture fixture = migrate();
		assertThat(fixture.stores.maintenanceStore().deleteHistory(WEEK, 10)).isOne();
		assertThat(fixture.stores.historyDays().orElseThrow().drop(WEEK)).isEqualTo(Upkeep.NONE);
		assertThat(fixture.stores.historyDays().orElseThrow().drop(Duration.ofDays(5))).isEqualTo(new Upkeep(1, null));
		assertThat(exists("background_job_history_before")).isFalse();
		assertThat(fixture.count("history")).isZero();
		assertThat(fixture.stores.historyDays().orElseThrow().drop(Duration.ofDays(5))).isEqualTo(Upkeep.NONE);
	}

	@Test
	void leavesOwnerAndRightsAsTheyWere() {
		String owner = role("owner");
		String reader = role("reader");
		this.client.sql("grant create on schema public to " + owner).update();
		this.client.sql("alter table background_job_history owner to " + owner).update();
		this.client.sql("grant select, insert on background_job_history to " + reader).update();
		record(1, "1 minute");
		migrate();
		assertThat(this.client.sql("select distinct tableowner from pg_tables where tablename like '%_job_history%'")
			.query(String.class)
			.list()).containsExactly(owner);
		assertThat(this.client.sql("""
				select table_name || ' ' || privilege_type from information_schema.role_table_grants
				where grantee = :reader order by table_name, privilege_type
				""").param("reader", reader).query(String.class).list()).containsExactlyInAnyOrderElementsOf(
				List.of("background_job_history INSERT", "background_job_history SELECT",
						"background_job_history_before INSERT", "background_job_history_before SELECT",
						"background_job_history_days INSERT", "background_job_history_days SELECT",
						"background_job_history_default INSERT", "background_job_history_default SELECT"));
	}

	private String role(String name) {
		String role = name + this.url.substring(this.url.lastIndexOf('/') + 1);
		this.client.sql("create role " + role).update();
		return role;
	}

	@Test
	void letsThoseGoFirstWhoWaitBehindItAndAReport() throws Exception {
		record(1, "1 minute");
		Thread migration = new Thread(this::migrate);
		new TransactionTemplate(new DataSourceTransactionManager(this.pool)).executeWithoutResult((status) -> {
			this.client.sql("select count(*) from background_job_history").query(Long.class).single();
			migration.start();
			// With what it waited for given back.
			await().until(
					() -> this.client
						.sql("select count(*) from pg_stat_activity where datname = current_database() "
								+ "and wait_event = 'PgSleep'")
						.query(Long.class)
						.single() == 1);
		});
		migration.join();
		assertThat(exists("background_job_history_days")).isTrue();
	}

}
