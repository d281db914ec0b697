package io.jobstarter.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobId;
import io.jobstarter.ReasonCode;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.EmbeddedServer;
import io.jobstarter.why.JobDiagnoser;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * To tell why a job does not run, a bounded number of jobs is read, however many wait,
 * and whatever the statistics of the planner say.
 */
class WhyReadTests {

	private static final int WAITING = 20_000;

	private static final long FEW = 6_000;

	private static final String READS_OF_POSTGRES = """
			select coalesce(sum(seq_tup_read + idx_tup_fetch), 0) from pg_stat_xact_user_tables
			where relname = 'background_job_job'
			""";

	private static final String READS_OF_MARIADB = """
			select sum(variable_value) from information_schema.session_status
			where variable_name in ('HANDLER_READ_NEXT', 'HANDLER_READ_PREV', 'HANDLER_READ_RND_NEXT')
			""";

	@Test
	void postgresReadsFew() {
		assertReadsFew(EmbeddedPostgres.shared(), READS_OF_POSTGRES);
	}

	@Test
	void mariaDbReadsFew() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		assertReadsFew(EmbeddedMariaDb.shared(), READS_OF_MARIADB);
	}

	private static void assertReadsFew(EmbeddedServer server, String reads) {
		try (HikariDataSource pool = Pools.open(server.createDatabase(), server.username(), server.password())) {
			StoreFixture fixture = new StoreFixture(pool, "background_job_");
			fixture.enqueue(WAITING, "mail", "default");
			fixture.enqueue(WAITING, "mail", "other");
			fixture.sql("update background_job_job set priority = 3 where id % 2 = 0").update();
			long id = fixture.enqueue(job("mail"));
			JobDiagnoser diagnoser = new JobDiagnoser(fixture.stores.operationsStore());
			fixture.transaction.executeWithoutResult((status) -> {
				long before = fixture.sql(reads).query(Long.class).single();
				assertThat(diagnoser.diagnose(new JobId(id)).orElseThrow().reasons())
					.anyMatch((reason) -> reason.code() == ReasonCode.JOBS_AHEAD);
				assertThat(fixture.sql(reads).query(Long.class).single() - before).isLessThan(FEW);
			});
		}
	}

}
