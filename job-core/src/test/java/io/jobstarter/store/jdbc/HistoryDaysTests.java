package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.maintenance.KeepHistoryByDay;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.HistoryDays;
import io.jobstarter.store.HistoryDays.Obstacle;
import io.jobstarter.store.HistoryDays.Upkeep;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The history that PostgreSQL cuts by day.
 */
@ExtendWith(OutputCaptureExtension.class)
class HistoryDaysTests {

	private static final Duration WEEK = Duration.ofDays(7);

	private static final String PREFIX = "a_prefix_that_is_as_long_as_it_can_be_41_";

	private final EmbeddedPostgres postgres = EmbeddedPostgres.shared();

	private String url;

	private HikariDataSource pool;

	private StoreFixture fixture;

	private HistoryDays days;

	@BeforeEach
	void createTables() {
		this.url = this.postgres.createDatabase();
		this.pool = Pools.open(this.url, this.postgres.username(), this.postgres.password());
		this.fixture = new StoreFixture(this.pool, PREFIX);
		this.fixture.clear();
		this.days = this.fixture.stores.historyDays().orElseThrow();
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	private String name(int day) {
		return this.fixture
			.sql("select 'background_job_history_' || to_char((clock_timestamp() at time zone 'UTC') "
					+ "+ :day * interval '1' day, 'YYYYMMDD')")
			.param("day", day)
			.query(String.class)
			.single();
	}

	private boolean exists(int day) {
		return this.fixture.sql("select to_regclass(:name) is not null")
			.param("name", name(day))
			.query(Boolean.class)
			.single();
	}

	// As if it had been made when it was today.
	private void create(int day) {
		this.fixture
			.sql("create table " + name(day) + " partition of background_job_history_days for values from ('"
					+ start(day) + "') to ('" + start(day + 1) + "')")
			.update();
	}

	private String start(int day) {
		return this.fixture
			.sql("select to_char((clock_timestamp() at time zone 'UTC') + :day * interval '1' day, "
					+ "'YYYY-MM-DD 00:00:00+00')")
			.param("day", day)
			.query(String.class)
			.single();
	}

	private void drop(int day) {
		this.fixture.sql("drop table " + name(day)).update();
	}

	private long settleOne() {
		long id = this.fixture.enqueue(StoreFixture.job("mail"));
		assertThat(this.fixture.settle(this.fixture.claimOne(), new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
		return id;
	}

	// Rows that cross a day are moved into its table.
	private long settleOne(String ago) {
		long id = settleOne();
		this.fixture
			.sql("update background_job_history set finished_at = clock_timestamp() - cast(:ago as interval) "
					+ "where id = :id")
			.param("ago", ago)
			.param("id", id)
			.update();
		return id;
	}

	private String tableOf(long id) {
		return this.fixture
			.sql("select cast(cast(tableoid as regclass) as text) from background_job_history " + "where id = :id")
			.param("id", id)
			.query(String.class)
			.single();
	}

	private long rowsOf(int day) {
		return this.fixture.sql("select count(*) from " + name(day)).query(Long.class).single();
	}

	private long withoutADay() {
		return this.fixture.count("history_default");
	}

	@Test
	void thereIsATableForTodayAndForThreeDaysToCome() {
		assertThat(List.of(exists(-1), exists(0), exists(3), exists(4))).containsExactly(false, true, true, false);
		assertThat(this.days.make(3)).isEqualTo(Upkeep.NONE);
	}

	@Test
	void whatLacksIsMade() {
		drop(0);
		drop(2);
		assertThat(this.days.make(4)).isEqualTo(new Upkeep(3, null));
		assertThat(List.of(exists(0), exists(2), exists(4), exists(5))).containsExactly(true, true, true, false);
		assertThat(this.days.make(4)).isEqualTo(Upkeep.NONE);
	}

	@Test
	void aJobIsRecordedInTheTableOfItsDay() {
		create(-2);
		assertThat(tableOf(settleOne())).isEqualTo(name(0));
		assertThat(rowsOf(0)).isOne();
		settleOne("2 days");
		assertThat(rowsOf(-2)).isOne();
		assertThat(withoutADay()).isZero();
	}

	@Test
	void aTableThatIsMadeHasTheIndexThatFindsJobs() {
		drop(1);
		this.days.make(1);
		assertThat(this.fixture.sql("select indexdef from pg_indexes where tablename = :name")
			.param("name", name(1))
			.query(String.class)
			.list()).singleElement().asString().endsWith("(id)");
	}

	@Test
	void aDayWhoseRowsCameBeforeItsTableStaysWhereTheyAre() {
		drop(0);
		drop(1);
		long id = settleOne();
		assertThat(this.days.make(3)).isEqualTo(new Upkeep(1, Obstacle.OVERTAKEN));
		assertThat(exists(0)).isFalse();
		assertThat(exists(1)).isTrue();
		assertThat(withoutADay()).isOne();
		assertThat(this.fixture.stores.operationsStore().find(new JobId(id))).isPresent();
	}

	@Test
	void nodesThatMakeTablesAtOnceMakeEachOnce() {
		List<Integer> made = Threads.together(4, () -> {
			int count = 0;
			while (!exists(20)) {
				count += this.days.make(20).changed();
			}
			return count;
		});
		assertThat(made.stream().mapToInt(Integer::intValue).sum()).isEqualTo(17);
		assertThat(this.days.make(20)).isEqualTo(Upkeep.NONE);
	}

	@Test
	void daysAreDroppedWhenAllOfThemIsPastTheRetentionAndNoSooner() {
		List.of(-9, -8, -7, -6).forEach(this::create);
		settleOne("9 days");
		long young = settleOne("1 day");
		assertThat(this.days.drop(WEEK)).isEqualTo(new Upkeep(2, null));
		assertThat(List.of(exists(-9), exists(-8), exists(-7), exists(-6), exists(0))).containsExactly(false, false,
				true, true, true);
		assertThat(this.fixture.count("history")).isOne();
		assertThat(tableOf(young)).endsWith("default");
		assertThat(this.days.drop(WEEK)).isEqualTo(Upkeep.NONE);
		assertThat(this.days.drop(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Upkeep.NONE);
	}

	@Test
	void nodesThatDropTablesAtOnceDropEachOnce() {
		List.of(-12, -11, -10, -9).forEach(this::create);
		List<Integer> dropped = Threads.together(4, () -> {
			int count = 0;
			while (exists(-9)) {
				count += this.days.drop(WEEK).changed();
			}
			return count;
		});
		assertThat(this.days.drop(WEEK)).isEqualTo(Upkeep.NONE);
		assertThat(List.of(exists(-12), exists(-11), exists(-10), exists(-9))).containsOnly(false);
		assertThat(dropped.stream().mapToInt(Integer::intValue).sum()).isEqualTo(4);
	}

	@Test
	void othersTablesAreLeftAlone() {
		this.fixture.sql("create table " + PREFIX + "history_19990101 (x int)").update();
		this.fixture
			.sql("create table background_job_history_archive partition of background_job_history_days "
					+ "for values from ('1999-01-01') to ('1999-02-01')")
			.update();
		assertThat(this.days.drop(WEEK)).isEqualTo(Upkeep.NONE);
		assertThat(this.fixture.count("history_19990101")).isZero();
		assertThat(this.fixture.count("history_archive")).isZero();
	}

	@Test
	void aTableThatSomebodyReadsIsDroppedLaterAndKeepsNobodyWaiting() {
		create(-9);
		KeepHistoryByDay duty = new KeepHistoryByDay(this.days, WEEK);
		this.fixture.transaction.executeWithoutResult((status) -> {
			rowsOf(-9);
			Threads.inOther(() -> {
				assertThat(this.days.drop(WEEK)).isEqualTo(new Upkeep(0, Obstacle.BUSY));
				assertThat(duty.run()).isEqualTo(Duration.ofMinutes(1));
				settleOne();
			});
		});
		assertThat(exists(-9)).isTrue();
		assertThat(duty.run()).isEqualTo(Duration.ofMinutes(10));
		assertThat(exists(-9)).isFalse();
	}

	@Test
	void aTableIsNotMadeWhileSomebodyReadsAndIsMadeLater() {
		drop(2);
		this.fixture.transaction.executeWithoutResult((status) -> {
			withoutADay();
			Threads.inOther(() -> assertThat(this.days.make(3)).isEqualTo(new Upkeep(0, Obstacle.BUSY)));
		});
		assertThat(exists(2)).isFalse();
		assertThat(this.days.make(3)).isEqualTo(new Upkeep(1, null));
	}

	@Test
	void whatHasNoDayIsDeletedInBatchesAndWhatHasOneIsLeftToTheDrop() {
		for (int i = 0; i < 5; i++) {
			settleOne("8 days");
		}
		create(-7);
		long inItsDay = settleOne("7 days 1 second");
		assertThat(deleteHistory(WEEK, 3)).isEqualTo(3);
		assertThat(deleteHistory(WEEK, 3)).isEqualTo(2);
		assertThat(deleteHistory(WEEK, 3)).isZero();
		assertThat(this.fixture.stores.operationsStore().find(new JobId(inItsDay))).isPresent();
	}

	private int deleteHistory(Duration retention, int limit) {
		return this.fixture.stores.maintenanceStore().deleteHistory(retention, limit);
	}

	@Test
	void aDayThatCannotBeDroppedIsDeletedRowByRow() {
		create(-9);
		for (int i = 0; i < 3; i++) {
			settleOne("9 days");
		}
		settleOne();
		assertThat(deleteHistory(WEEK, 2)).isEqualTo(2);
		assertThat(deleteHistory(WEEK, 2)).isOne();
		assertThat(rowsOf(-9)).isZero();
		assertThat(rowsOf(0)).isOne();
	}

	@Test
	void aRetentionBelowADayIsKeptTo() {
		settleOne("1 minute");
		settleOne();
		assertThat(deleteHistory(Duration.ofSeconds(30), 10)).isOne();
		assertThat(this.fixture.count("history")).isOne();
	}

	@Test
	void withoutTheRightToMakeTablesTheHistoryIsKeptTogether(CapturedOutput output) {
		String user = createUser();
		drop(0);
		create(-9);
		try (HikariDataSource restricted = Pools.open(this.url, user, "none")) {
			JdbcStores stores = JdbcStores.create(restricted, restricted, PREFIX);
			assertThat(stores.missingSchema()).isEmpty();
			HistoryDays forbidden = stores.historyDays().orElseThrow();
			assertThat(forbidden.make(5)).isEqualTo(new Upkeep(0, Obstacle.FORBIDDEN));
			assertThat(forbidden.drop(WEEK)).isEqualTo(new Upkeep(0, Obstacle.FORBIDDEN));
			settleOne();
			assertThat(withoutADay()).isOne();
			this.fixture.sql("update background_job_history set finished_at = clock_timestamp() - interval '8' day")
				.update();
			settleOne("9 days");
			assertThat(stores.maintenanceStore().deleteHistory(WEEK, 10)).isEqualTo(2);
			KeepHistoryByDay duty = new KeepHistoryByDay(forbidden, WEEK);
			duty.run();
			assertThat(duty.run()).isEqualTo(Duration.ofMinutes(10));
			assertThat(output.getOut().split("could not be made, since this user", -1)).hasSize(2);
		}
	}

	// One who may use the tables, and no more.
	private String createUser() {
		String user = "user_" + this.url.substring(this.url.lastIndexOf('/') + 1);
		this.fixture.sql("create role " + user + " login").update();
		this.fixture.sql("grant select, insert, update, delete on all tables in schema public to " + user).update();
		this.fixture.sql("grant usage on all sequences in schema public to " + user).update();
		return user;
	}

	@Test
	void whatTheReleaseBeforeWritesAndDeletesGoesOnWorking() {
		long id = this.fixture.enqueue(StoreFixture.job("mail"));
		this.fixture.claimOne();
		assertThat(recordAsBefore(id)).isOne();
		assertThat(recordAsBefore(id)).isZero();
		assertThat(rowsOf(0)).isOne();
		assertThat(this.fixture.sql("""
				select id from background_job_history
				where finished_at < (select clock_timestamp()) - 0 * interval '0.000001' second
				order by finished_at fetch first 10 rows only
				for update skip locked
				""").query(Long.class).list()).containsExactly(id);
		assertThat(
				this.fixture.sql("delete from background_job_history where id = any (cast(array[:id] as bigint array))")
					.param("id", id)
					.update())
			.isOne();
	}

	@Test
	void anIdThatTheHistoryHasIsNotLookedForInEveryDay() {
		long id = this.fixture.enqueue(StoreFixture.job("mail"));
		ClaimedJob job = this.fixture.claimOne();
		recordAsBefore(id);
		assertThat(this.fixture.settle(job, new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
		assertThat(this.fixture.count("history")).isEqualTo(2);
		assertThat(this.fixture.stores.operationsStore().find(new JobId(id))).isPresent();
	}

	private int recordAsBefore(long id) {
		return this.fixture.sql("""
				insert into background_job_history (id, name, queue, priority, state, attempts, crashes,
				    enqueued_at, due_at, started_at, finished_at, worker, claim, tags, reason)
				select j.id, j.name, j.queue, j.priority, 'SUCCEEDED', j.attempt, j.crashes,
				    j.created_at, j.due_at, j.claimed_at, clock_timestamp(), j.worker, j.claim, j.tags, null
				from background_job_job j
				where j.id = :id and not exists (select 1 from background_job_history h where h.id = j.id)
				""").param("id", id).update();
	}

	@Test
	void jobsAreFoundAndListedOverAllDays() {
		create(-1);
		List<Long> ids = new ArrayList<>();
		for (String ago : List.of("1 day", "0", "20 days", "0", "1 day", "20 days", "0")) {
			ids.add(0, settleOne(ago));
		}
		assertThat(ids).allSatisfy((id) -> assertThat(this.fixture.stores.operationsStore().find(new JobId(id)))
			.hasValueSatisfying((job) -> assertThat(job.state()).isEqualTo(JobState.SUCCEEDED)));
		assertThat(list(null)).isEqualTo(ids.subList(0, 3));
		assertThat(list(ids.get(2))).isEqualTo(ids.subList(3, 6));
		assertThat(list(ids.get(5))).isEqualTo(ids.subList(6, 7));
	}

	private List<Long> list(@Nullable Long before) {
		return this.fixture.stores.operationsStore()
			.find(JobFilter.ALL, (before != null) ? new JobId(before) : null, 3)
			.stream()
			.map(JobInfo::id)
			.map(JobId::value)
			.toList();
	}

}
