package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.maintenance.DeleteOldRows;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Retention as nodes run it: how much one transaction deletes, as the database sees it.
 */
class DeleteOldRowsTests {

	private static final int BATCH = 1_000;

	private static final int OLD = 2_500;

	private static final int YOUNG = 10;

	private static final String HISTORY = """
			insert into background_job_history (id, name, queue, priority, state, attempts, crashes, enqueued_at, due_at,
				finished_at)
			select -number, 'mail', 'default', 0, 'SUCCEEDED', 0, 0, time, time, time
			from generate_series(1, %1$d) numbers (number),
			    lateral (select clock_timestamp() - case when number <= %2$d then interval '10 day' else interval '0' end as time) t
			""";

	private static final String LETTERS = """
			insert into background_job_dead_letter (job_id, name, queue, priority, reason, error_class, message, stack_trace,
			    attempts, crashes, enqueued_at, due_at, first_failed_at, payload, resolved_at)
			select -number, 'mail', 'default', 0, 'exhausted', 'x', 'x', 'x', 1, 0, time, time, time, '{}', time
			from generate_series(1, %1$d) numbers (number),
			    lateral (select clock_timestamp() - case when number <= %2$d then interval '100 day' else interval '0' end as time) t
			""";

	private static final String FAILURES = """
			insert into background_job_failure (job_id, number, failed_at, worker, claim, error_class, message, stack_trace)
			select %3$d - number / 2, 1 + number %% 2,
			    clock_timestamp() - case when number <= %2$d then interval '10 day' else interval '0' end,
			    1, 1, 'x', 'x', 'x'
			from generate_series(1, %1$d) numbers (number)
			""";

	private static final String NOTES = "create table deleted (transaction xid8 not null, name text not null)";

	private static final String NOTE = """
			create function note() returns trigger language plpgsql as $$ begin
			    insert into deleted values (pg_current_xact_id(), tg_argv[0]);
			    return null;
			end $$
			""";

	private static final String TRIGGER = """
			create trigger note after delete on background_job_%1$s for each row execute function note('%1$s')
			""";

	private static final String LARGEST = """
			select name, max(count) as largest from (select name, count(*) as count from deleted group by name, transaction) t
			group by name
			""";

	private HikariDataSource pool;

	private StoreFixture fixture;

	@BeforeEach
	void open() {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		this.pool = Pools.open(postgres.createDatabase(), postgres.username(), postgres.password());
		this.fixture = new StoreFixture(this.pool, "background_job_");
		this.fixture.sql(HISTORY.formatted(OLD + YOUNG, OLD)).update();
		this.fixture.sql(LETTERS.formatted(OLD + YOUNG, OLD)).update();
		// Two for each dead letter, and others that belong to nothing any more.
		this.fixture.sql(FAILURES.formatted(2 * OLD, 2 * OLD, 0)).update();
		this.fixture.sql(FAILURES.formatted(OLD + YOUNG, OLD, -1_000_000)).update();
		this.fixture.sql(NOTES).update();
		this.fixture.sql(NOTE).update();
		for (String table : List.of("history", "dead_letter", "failure")) {
			this.fixture.sql(TRIGGER.formatted(table)).update();
		}
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	@Test
	void deletesNoMoreThanABatchInATransactionAndPausesBetweenThem() {
		DeleteOldRows duty = duty(() -> 0);
		int rounds = 0;
		while (duty.run().toMillis() == 200) {
			rounds++;
		}
		assertThat(rounds).isBetween(OLD / BATCH, 4 * OLD / BATCH);
		assertThat(this.fixture.count("history")).isEqualTo(YOUNG);
		assertThat(this.fixture.count("dead_letter")).isEqualTo(YOUNG);
		assertThat(this.fixture.count("failure")).isEqualTo(YOUNG);
		assertThat(largest()).containsOnlyKeys("history", "dead_letter", "failure")
			.allSatisfy((table, rows) -> assertThat(rows).isLessThanOrEqualTo(BATCH));
	}

	@Test
	void pausesLongerWhereTheServerIsBusy() {
		assertThat(duty(eachTakes(Duration.ofMillis(50))).run()).isEqualTo(Duration.ofMillis(450));
		assertThat(duty(eachTakes(Duration.ofHours(1))).run()).as("no longer than without any rows")
			.isEqualTo(Duration.ofMinutes(5));
	}

	private static LongSupplier eachTakes(Duration length) {
		AtomicLong time = new AtomicLong();
		return () -> time.addAndGet(length.toNanos());
	}

	private DeleteOldRows duty(LongSupplier nanoTime) {
		return new DeleteOldRows(this.fixture.stores.maintenanceStore(), Duration.ofDays(7), Duration.ofDays(90),
				nanoTime);
	}

	private Map<String, Long> largest() {
		return this.fixture.sql(LARGEST)
			.query((row, number) -> Map.entry(row.getString("name"), row.getLong("largest")))
			.list()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

}
