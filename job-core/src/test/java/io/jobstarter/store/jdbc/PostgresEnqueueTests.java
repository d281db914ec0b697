package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.UniqueUntil;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.NewJob;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The short ways of an insert on PostgreSQL.
 */
class PostgresEnqueueTests {

	private static final String COLUMNS = """
			select name, queue, priority, state, payload, headers, tags, unique_key, unique_until, front, worker, claim,
			    attempt, crashes, duplicates, due_at = created_at as at_once,
			    due_at between clock_timestamp() - interval '1' minute and clock_timestamp() as now
			from background_job_job where payload = :payload
			""";

	private final EmbeddedPostgres postgres = EmbeddedPostgres.shared();

	private String url;

	private HikariDataSource pool;

	private StoreFixture fixture;

	private EnqueueStore store;

	@BeforeEach
	void createTables() {
		this.url = this.postgres.createDatabase();
		this.pool = open((config) -> {
		});
		this.fixture = new StoreFixture(this.pool, "background_job_");
		this.fixture.clear();
		this.store = this.fixture.stores.enqueueStore();
	}

	@AfterEach
	void close() {
		this.pool.close();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
	}

	private HikariDataSource open(Consumer<HikariConfig> customizer) {
		return Pools.open(this.url, this.postgres.username(), this.postgres.password(), customizer);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void writesTheSameRowsWhicheverWayTheyGo(int count) {
		List<NewJob> alike = IntStream.range(0, count)
			.mapToObj((number) -> plain("{\"short\":" + number + "}"))
			.toList();
		this.store.insert(alike);
		this.store.insert(List.of(plain("{\"long\":0}"), StoreFixture.later("mail", Duration.ofDays(1))));
		Map<String, Object> expected = columns("{\"long\":0}");
		assertThat(expected).containsEntry("at_once", true).containsEntry("now", true);
		for (NewJob job : alike) {
			expected.put("payload", job.payload());
			assertThat(columns(job.payload())).isEqualTo(expected);
		}
	}

	@Test
	void jobsThatDifferKeepWhatTheyAreMadeOf() {
		NewJob first = plain("{\"a\":0}");
		List<NewJob> jobs = List.of(first,
				new NewJob("report", "mailings", 7, DueTime.NOW, "{\"a\":1}", first.headers(), first.tags(), null),
				new NewJob("mail", "other", 7, DueTime.NOW, "{\"a\":2}", first.headers(), first.tags(), null),
				new NewJob("mail", "mailings", 8, DueTime.NOW, "{\"a\":3}", first.headers(), first.tags(), null),
				new NewJob("mail", "mailings", 7, DueTime.NOW, "{\"a\":4}", Map.of(), first.tags(), null),
				new NewJob("mail", "mailings", 7, DueTime.NOW, "{\"a\":5}", first.headers(), List.of(), null));
		for (NewJob other : jobs.subList(1, jobs.size())) {
			this.store.insert(List.of(first, other));
			assertThat(columns(other.payload())).containsEntry("name", other.name())
				.containsEntry("queue", other.queue())
				.containsEntry("priority", other.priority())
				.containsEntry("headers", Values.headers(other.headers()))
				.containsEntry("tags", Values.tags(other.tags()));
		}
	}

	@Test
	void commitsAtOnceWhatNoTransactionSurrounds() {
		List<Enqueued> one = this.store.insertAtOnce(List.of(plain("{}"))).orElseThrow();
		List<Enqueued> others = this.store.insertAtOnce(List.of(StoreFixture.later("mail", Duration.ofDays(1)),
				StoreFixture.unique("mail", "key", UniqueUntil.STARTED),
				StoreFixture.unique("mail", "key", UniqueUntil.STARTED)))
			.orElseThrow();
		assertThat(one).extracting(Enqueued::duplicate).containsExactly(false);
		assertThat(others).extracting(Enqueued::duplicate).containsExactly(false, false, true);
		Threads.inOther(() -> assertThat(this.fixture.count("job")).isEqualTo(3));
	}

	@Test
	void leavesToATransactionWhatItSurrounds() {
		this.fixture.transaction
			.executeWithoutResult((status) -> assertThat(this.store.insertAtOnce(List.of(plain("{}")))).isEmpty());
		TransactionSynchronizationManager.initSynchronization();
		try {
			assertThat(this.store.insertAtOnce(List.of(plain("{}")))).isEmpty();
		}
		finally {
			TransactionSynchronizationManager.clearSynchronization();
		}
		assertThat(this.fixture.count("job")).isZero();
	}

	@Test
	void leavesToATransactionWhatThePoolDoesNotCommit() {
		try (HikariDataSource other = open((config) -> config.setAutoCommit(false))) {
			assertThat(atOnce(other)).isFalse();
		}
		assertThat(this.fixture.count("job")).isZero();
	}

	@Test
	void leavesToATransactionWhatASessionDoesNotWriteWithoutOne() {
		try (HikariDataSource other = open(
				(config) -> config.addDataSourceProperty("options", "-c default_transaction_read_only=on"))) {
			assertThat(atOnce(other)).isFalse();
		}
	}

	private static boolean atOnce(HikariDataSource pool) {
		return JdbcStores.create(pool, pool, "background_job_")
			.enqueueStore()
			.insertAtOnce(List.of(plain("{}")))
			.isPresent();
	}

	private static NewJob plain(String payload) {
		return new NewJob("mail", "mailings", 7, DueTime.NOW, payload, Map.of("tenant", "a \"b\""), List.of("x", "y"),
				null);
	}

	private Map<String, Object> columns(String payload) {
		return this.fixture.sql(COLUMNS).param("payload", payload).query().singleRow();
	}

}
