package io.jobstarter.worker;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimedJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Jobs come and go while somebody holds an old snapshot, so that no dead row can be
 * removed. What claims cost is not measured in time, but in what the server has read.
 */
class PostgresOldSnapshotTests {

	private static final int JOBS = 4_000;

	private static final int ROUNDS = 6;

	private static final Duration BODY = Duration.ofMillis(10);

	private static final int ENGINE_CONNECTIONS = 4;

	private static final String READS = """
			select coalesce(sum(idx_tup_read), 0) from pg_stat_user_indexes
			where indexrelname = 'background_job_job_ready'
			""";

	private final TestDatabase database = TestDatabase.postgres();

	private final AtomicInteger ran = new AtomicInteger();

	private final AtomicInteger claims = new AtomicInteger();

	/** Those that look for late rows below the ones that they know of. */
	private final AtomicInteger sweeps = new AtomicInteger();

	private volatile long newest;

	private final TestNode node = TestNode.on(this.database)
		.queue("default", 50)
		.claims((store) -> new FaultyClaimStore(store) {

			@Override
			public List<ClaimedJob> claim(ClaimRequest request) {
				count(request);
				return store().claim(request);
			}

		})
		.handle(Task.class, (task, attempt) -> {
			// The shorter a job, the more of them are claimed ahead at once.
			LockSupport.parkNanos(BODY.toNanos());
			this.ran.incrementAndGet();
		})
		.start();

	@AfterEach
	void close() {
		this.node.close();
		this.database.close();
	}

	record Task(int number) {
	}

	@Test
	void claimsReadNoMoreWhileAnOldSnapshotIsHeld() throws SQLException {
		this.node.jdbc().execute("alter table background_job_job set (autovacuum_enabled = off)");
		round();
		long before = round();
		try (Connection old = this.database.application().getConnection()) {
			hold(old);
			for (int i = 1; i < ROUNDS; i++) {
				round();
			}
			this.newest = newest();
			this.claims.set(0);
			this.sweeps.set(0);
			long after = round();
			System.out.println("Entries of the index read for " + JOBS + " jobs: " + before + ", with " + ROUNDS * JOBS
					+ " dead rows " + after + " by " + this.claims + " claims, of which " + this.sweeps
					+ " looked for late rows");
			// A claim reads what it finds, whatever is dead; a sweep all that is dead.
			assertThat(this.sweeps.get()).isLessThan(this.claims.get() * 3 / 4);
			assertThat(after).isLessThan(3 * before + 2 * this.sweeps.get() * (ROUNDS + 3L) * JOBS);
		}
	}

	private void count(ClaimRequest request) {
		this.claims.incrementAndGet();
		boolean deep = request.demands()
			.stream()
			.flatMap((demand) -> demand.lanes().stream())
			.anyMatch((start) -> start.from() <= this.newest);
		if (deep) {
			this.sweeps.incrementAndGet();
		}
	}

	private long newest() {
		Long newest = this.node.jdbc().queryForObject("select last_value from background_job_job_seq", Long.class);
		return (newest != null) ? newest : 0;
	}

	private static void hold(Connection old) throws SQLException {
		old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
		old.setAutoCommit(false);
		execute(old, "select count(*) from background_job_job");
	}

	private long round() throws SQLException {
		long before = reads();
		int done = this.ran.get() + JOBS;
		this.node.client().enqueueAll(IntStream.range(0, JOBS).mapToObj(Task::new).toList());
		await().atMost(Duration.ofSeconds(60))
			.until(() -> this.ran.get() >= done
					&& this.node.jdbc().queryForList("select id from background_job_job limit 1").isEmpty());
		return reads() - before;
	}

	private long reads() throws SQLException {
		flush();
		Long reads = this.node.jdbc().queryForObject(READS, Long.class);
		return (reads != null) ? reads : 0;
	}

	// Sessions tell what they have read once in a while; those of a pool when they are
	// made to.
	private void flush() throws SQLException {
		List<Connection> all = new ArrayList<>();
		try {
			for (int i = 0; i < ENGINE_CONNECTIONS; i++) {
				all.add(this.database.engine().getConnection());
			}
			for (Connection each : all) {
				execute(each, "select pg_stat_force_next_flush()");
			}
		}
		finally {
			for (Connection each : all) {
				each.close();
			}
		}
	}

	private static void execute(Connection connection, String statement) throws SQLException {
		try (Statement each = connection.createStatement()) {
			each.execute(statement);
		}
	}

}
