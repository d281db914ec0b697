package io.jobstarter.store.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobOutcome;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What claims cost on MariaDB: not in time, but in rows that the server says it has read,
 * sorted and locked, with 100,000 jobs in the table.
 */
class MariaDbClaimStoreTests {

	private static final Lane DEFAULT = new Lane("default", 0, false);

	private static final int BACKLOG = 100_000;

	private HikariDataSource pool;

	private HikariDataSource engine;

	private StoreFixture fixture;

	private JdbcStores stores;

	@BeforeEach
	void openOneConnection() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		String url = server.createDatabase();
		this.pool = Pools.open(url, server.username(), server.password());
		this.engine = Pools.open(url, server.username(), server.password(), (config) -> config.setMaximumPoolSize(1));
		this.fixture = new StoreFixture(this.pool, "background_job_");
		this.stores = JdbcStores.create(this.pool, this.engine, "background_job_");
	}

	@AfterEach
	void close() {
		if (this.pool != null) {
			this.engine.close();
			this.pool.close();
		}
	}

	private void fill(int state, String dueAt) {
		this.fixture
			.sql("insert into background_job_job (queue, name, payload, due_at, state) "
					+ "select if(seq % 2 = 0, 'default', 'other'), 'mail', repeat('x', 200), " + dueAt + ", " + state
					+ " from seq_1_to_" + BACKLOG)
			.update();
	}

	private long status(String name) {
		Number value = new JdbcTemplate(this.engine).queryForObject(
				"select sum(variable_value) from information_schema.session_status where variable_name like ?",
				Double.class, name);
		return value.longValue();
	}

	private List<ClaimedJob> claim(long claim, long from, int limit) {
		QueueDemand demand = StoreFixture.demand(DEFAULT, limit, from);
		return this.stores.claimStore().claim(new ClaimRequest(ME, claim, Set.of("mail"), List.of(demand), limit));
	}

	// Statistics are of the empty table at first, and of the full one later.
	@Test
	void claimsAndSettlementsReadNoMoreThanTheyMustAndSortNothingOfTheBacklog() {
		fill(0, "utc_timestamp(6)");
		long reads = status("handler_read%");
		long sorted = status("sort_rows");
		long from = 0;
		for (int round = 1; round <= 20; round++) {
			List<ClaimedJob> jobs = claim(round, from, 10);
			assertThat(jobs).hasSize(10);
			from = jobs.get(9).position();
			this.stores.claimStore()
				.settle(jobs.stream().map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null)).toList(),
						true);
			assertThat(this.stores.claimStore().lanes(QueueScope.of(Set.of("default", "nothing"))))
				.containsExactly(DEFAULT);
			if (round == 10) {
				this.fixture.sql("analyze table background_job_job").query((row, number) -> 0).list();
			}
		}
		assertThat(status("handler_read%") - reads).isLessThan(10_000);
		assertThat(status("sort_rows") - sorted).isZero();
	}

	@Test
	void theDueOnesAreFoundWithoutReadingTheOthers() {
		fill(1, "utc_timestamp(6) + interval 1 hour");
		this.fixture.makeDue(this.fixture.sql("select min(id) from background_job_job").query(Long.class).single());
		long reads = status("handler_read%");
		for (int i = 0; i < 10; i++) {
			this.stores.maintenanceStore().promote(100);
		}
		assertThat(this.fixture.waitingInOrder()).hasSize(1);
		assertThat(status("handler_read%") - reads).isLessThan(2_000);
	}

	@Test
	void aClaimLocksNothingButWhatItTakes() {
		List<Long> ids = this.fixture.enqueue(6, "mail", "default");
		this.fixture.sql("update background_job_job set name = 'unknown' where id = :id")
			.param("id", ids.get(0))
			.update();
		this.fixture.sql("update background_job_job set worker = 1, claim = 1 where id = :id")
			.param("id", ids.get(1))
			.update();
		List<Long> free = new ArrayList<>();
		this.stores = JdbcStores.create(this.pool,
				new BeforeCommit(this.engine, () -> Threads.inOther(() -> free.addAll(freeJobs()))), "background_job_");
		assertThat(claim(1, 0, 2)).extracting(ClaimedJob::id).containsExactly(ids.get(2), ids.get(3));
		assertThat(free).containsExactly(ids.get(0), ids.get(1), ids.get(4), ids.get(5));
	}

	private List<Long> freeJobs() {
		return this.fixture
			.sql("select id from background_job_job force index (primary) order by id for update skip locked")
			.query(Long.class)
			.list();
	}

	/**
	 * Does something whenever a transaction is about to be committed.
	 */
	private static final class BeforeCommit extends DelegatingDataSource {

		private final Runnable action;

		BeforeCommit(DataSource target, Runnable action) {
			super(target);
			this.action = action;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection target = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("commit")) {
							this.action.run();
						}
						return method.invoke(target, arguments);
					});
		}

	}

}
