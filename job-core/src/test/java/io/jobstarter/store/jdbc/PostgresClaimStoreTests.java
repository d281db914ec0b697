package io.jobstarter.store.jdbc;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.UniqueUntil;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What claims cost on PostgreSQL: not in time, which a busy machine stretches, but in
 * what the server says that it has read and written.
 */
class PostgresClaimStoreTests {

	private static final Lane DEFAULT = new Lane("default", 0, false);

	private HikariDataSource pool;

	private StoreFixture fixture;

	@BeforeEach
	void openOneConnection() {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		this.pool = Pools.open(postgres.createDatabase(), postgres.username(), postgres.password(),
				(config) -> config.setMaximumPoolSize(2)); // the second is for Flyway
		this.fixture = new StoreFixture(this.pool, "background_job_");
		this.fixture.sql("alter table background_job_job set (autovacuum_enabled = off)").update();
		this.fixture.sql("analyze background_job_job").update();
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	private void fill(int count) {
		this.fixture
			.sql("insert into background_job_job (queue, name, payload, due_at) "
					+ "select 'default', 'mail', repeat('x', 200), clock_timestamp() from generate_series(1, :count)")
			.param("count", count)
			.update();
	}

	private void claimAndSettle(int times) {
		for (int i = 0; i < times; i++) {
			this.fixture.settle(true,
					this.fixture.claim(ME, 10, Set.of("mail"), StoreFixture.demand(DEFAULT, 10, 0))
						.stream()
						.map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null))
						.toList());
			this.fixture.stores.claimStore().lanes(new QueueScope(Set.of("default"), Set.of("mail", "tenant-")));
		}
	}

	private Map<String, Object> statistics() {
		this.fixture.sql("select pg_stat_force_next_flush()").query((row, number) -> 0).list();
		return this.fixture
			.sql("select t.seq_scan, t.n_tup_upd, t.n_tup_hot_upd, t.n_tup_del, "
					+ "(select sum(i.idx_tup_read) from pg_stat_user_indexes i where i.relid = t.relid) as index_reads "
					+ "from pg_stat_user_tables t where t.relname = 'background_job_job'")
			.query()
			.singleRow();
	}

	private long statistic(String name) {
		return ((Number) statistics().get(name)).longValue();
	}

	@Test
	void claimsAreHotUpdates() {
		this.fixture.enqueue(1_000, "mail", "default");
		for (int i = 0; i < 10; i++) {
			this.fixture.claim(ME, 50, Set.of("mail"), StoreFixture.demand(DEFAULT, 50, 0));
		}
		await().until(() -> statistic("n_tup_upd") == 500);
		// Where all rows of a page are claimed and none is settled, the last ones find no
		// room.
		assertThat(statistic("n_tup_hot_upd")).isGreaterThan(400);
	}

	@Test
	void plansThatWereMadeWhileTheTableWasEmptyStillReadNoMoreThanTheyMust() {
		claimAndSettle(20);
		fill(100_000);
		await().until(() -> ((Number) statistics().get("n_tup_upd")).longValue() == 0);
		long scans = statistic("seq_scan");
		long reads = statistic("index_reads");
		claimAndSettle(20);
		await().until(() -> statistic("n_tup_del") == 200);
		assertThat(statistic("seq_scan")).isEqualTo(scans);
		assertThat(statistic("index_reads") - reads).isLessThan(20_000);
	}

	@Test
	void aClaimReadsAsMuchWithTwoHundredThousandReadyJobsAsWithAThousand() {
		long few = costOfTwentyClaims(1_000);
		long many = costOfTwentyClaims(200_000);
		// Pages and entries of the index, which is a level deeper.
		assertThat(many).isLessThan(few * 3 / 2 + 100);
	}

	private long costOfTwentyClaims(int ready) {
		this.fixture.sql("truncate background_job_job").update();
		fill(ready);
		this.fixture.sql("vacuum analyze background_job_job").update();
		this.pool.getHikariPoolMXBean().softEvictConnections(); // and their plans
		claimAndSettle(2);
		long deleted = statistic("n_tup_del");
		long before = reads();
		claimAndSettle(20);
		await().until(() -> statistic("n_tup_del") == deleted + 200);
		return reads() - before;
	}

	private long reads() {
		return this.fixture
			.sql("select s.idx_blks_hit + s.idx_blks_read + s.heap_blks_hit + s.heap_blks_read + "
					+ "(select sum(i.idx_tup_read) from pg_stat_user_indexes i where i.relid = s.relid) "
					+ "from pg_statio_user_tables s where s.relname = 'background_job_job'")
			.query(Long.class)
			.single();
	}

	@Test
	void aLargeBatchIsSettledByItsIdsWhateverTheStatisticsSay() {
		for (boolean known : List.of(false, true)) {
			fill(50_000);
			if (known) {
				this.fixture.sql("analyze background_job_job").update();
			}
			this.pool.getHikariPoolMXBean().softEvictConnections(); // and their plans
			List<Settlement> settlements = this.fixture
				.claim(ME, 500, Set.of("mail"), StoreFixture.demand(DEFAULT, 500, 0))
				.stream()
				.map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null))
				.toList();
			await().until(() -> statistic("n_tup_upd") == (known ? 1_000 : 500));
			long scans = statistic("seq_scan");
			long reads = statistic("index_reads");
			assertThat(this.fixture.settle(true, settlements)).hasSize(500);
			await().until(() -> statistic("n_tup_del") == (known ? 1_000 : 500));
			assertThat(statistic("seq_scan")).isEqualTo(scans);
			assertThat(statistic("index_reads") - reads).isLessThan(2_000);
		}
	}

	// Statistics of a table of no more rows than are given back make the job the outer
	// side
	// of the join, and the positions the inner one.
	@Test
	void jobsGoBackInTheirOrderThoughThePlanReadsThePositionsOnceForEach() {
		fill(60);
		this.fixture.sql("update background_job_job set seq = 1000 - id").update();
		List<ClaimedJob> jobs = this.fixture.claim(60);
		this.fixture.sql("vacuum full analyze background_job_job").update();
		for (long rows : List.of(1L, 60L, 1_000_000L)) {
			this.fixture.sql("update pg_class set reltuples = :rows where relname = 'background_job_job'")
				.param("rows", rows)
				.update();
			this.pool.getHikariPoolMXBean().softEvictConnections();
			this.fixture.settle(true,
					jobs.stream()
						.map((job) -> new Settlement(job, new JobOutcome.Returned("shutdown"), null))
						.toList());
			assertThat(this.fixture.waitingInOrder()).isEqualTo(jobs.stream().map(ClaimedJob::id).toList());
			jobs = this.fixture.claim(60);
			assertThat(jobs).hasSize(60);
		}
	}

	@Test
	void lanesAreFoundWithoutReadingWhatTheyHold() {
		for (String queue : List.of("mail-1", "mail-2", "report", "tenant-1")) {
			this.fixture
				.sql("insert into background_job_job (queue, name, payload, due_at) "
						+ "select :queue, 'mail', '', clock_timestamp() from generate_series(1, 20000)")
				.param("queue", queue)
				.update();
		}
		long scans = statistic("seq_scan");
		long reads = statistic("index_reads");
		for (int i = 0; i < 20; i++) {
			assertThat(this.fixture.stores.claimStore().lanes(new QueueScope(Set.of("report"), Set.of("mail"))))
				.hasSize(3);
		}
		this.fixture.makeDue(this.fixture.sql("select min(id) from background_job_job").query(Long.class).single());
		await().until(() -> statistic("n_tup_upd") == 1);
		assertThat(statistic("seq_scan")).isEqualTo(scans);
		assertThat(statistic("index_reads") - reads).isBetween(20L * 7, 1_000L);
	}

	@Test
	void theDueOnesAreFoundWithoutReadingTheOthers() {
		this.fixture
			.sql("insert into background_job_job (queue, name, payload, due_at, state) "
					+ "select 'default', 'mail', '', clock_timestamp() + interval '1 hour', 1 "
					+ "from generate_series(1, 100000)")
			.update();
		long reads = statistic("index_reads");
		this.fixture.makeDue(this.fixture.sql("select min(id) from background_job_job").query(Long.class).single());
		for (int i = 0; i < 10; i++) {
			this.fixture.stores.maintenanceStore().promote(100);
		}
		assertThat(this.fixture.waitingInOrder()).hasSize(1);
		await().until(() -> statistic("n_tup_upd") == 2);
		assertThat(statistic("index_reads") - reads).isLessThan(20_000);
	}

	@Test
	void oneJobIsFoundWithoutReadingTheOthers() {
		fill(100_000);
		JobId id = new JobId(this.fixture.sql("select min(id) from background_job_job").query(Long.class).single());
		long reads = statistic("index_reads");
		for (int i = 0; i < 20; i++) {
			assertThat(this.fixture.stores.operationsStore().find(id)).isPresent();
		}
		this.fixture.sql("update background_job_job set priority = 1 where id = :id").param("id", id.value()).update();
		await().until(() -> statistic("n_tup_upd") == 1);
		assertThat(statistic("index_reads") - reads).isLessThan(1_000);
	}

	@Test
	void timesAreReadAsTheyWereWritten() {
		for (String time : List.of("0001-01-01T00:00:00Z", "1582-10-10T12:00:00.000001Z", "1960-02-29T23:59:59.999999Z",
				"2026-03-29T01:30:00.123456Z", "9999-12-31T00:00:00Z")) {
			this.fixture
				.sql("insert into background_job_job (queue, name, payload, due_at) "
						+ "values ('default', 'mail', '', cast(:time as timestamptz))")
				.param("time", time)
				.update();
			// The driver asks for binary values from its sixth execution on.
			for (int i = 0; i < 3; i++) {
				ClaimedJob job = this.fixture.claimOne();
				assertThat(job.dueAt()).isEqualTo(Instant.parse(time));
				this.fixture.settle(job, new JobOutcome.Returned("again"));
			}
			this.fixture.settle(this.fixture.claimOne(), new JobOutcome.Succeeded());
		}
	}

	@Test
	void aKeyThatIsFreedAtTheClaimLeavesTheIndex() {
		this.fixture.enqueue(StoreFixture.unique("mail", "a", UniqueUntil.STARTED));
		ClaimedJob job = this.fixture.claimOne();
		assertThat(this.fixture.row(job.id())).containsEntry("unique_key", null);
	}

}
