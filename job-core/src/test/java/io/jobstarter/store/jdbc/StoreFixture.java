package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.UniqueUntil;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import io.jobstarter.store.UniqueKey;
import io.jobstarter.store.WorkerStore.WorkerRow;
import org.flywaydb.core.Flyway;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A migrated database with its stores, and what the contract's tests do to it.
 */
final class StoreFixture {

	static final long ME = 7_000_000_000_000L;

	static final Duration LEASE = Duration.ofSeconds(30);

	static final Duration HEARTBEAT = Duration.ofSeconds(5);

	static final JobFailure FAILURE = new JobFailure("java.io.IOException", "no such host", "at Mail.send");

	private static final List<String> TABLES = List.of("job", "worker", "queue", "breaker", "failure", "dead_letter",
			"dead_letter_note", "redrive", "redrive_canary", "recurring", "recurring_fire", "fleet_slots", "history",
			"key", "limit");

	final DataSource dataSource;

	final JdbcStores stores;

	final TransactionTemplate transaction;

	private final SqlText text;

	private final JdbcClient client;

	private final AtomicLong claims = new AtomicLong();

	StoreFixture(DataSource dataSource, String prefix) {
		this.dataSource = dataSource;
		this.stores = JdbcStores.create(dataSource, dataSource, prefix);
		this.text = new SqlText(prefix, (statement) -> statement.replace("clock_timestamp()", clock()));
		this.client = JdbcClient.create(dataSource);
		this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		migrate();
	}

	private String clock() {
		if (isPostgres()) {
			return "clock_timestamp()";
		}
		return isMariaDb() ? "utc_timestamp(6)" : "current_timestamp";
	}

	private boolean isMariaDb() {
		return this.stores.migrationLocation().endsWith("mariadb");
	}

	String prefix() {
		return this.text.prefix();
	}

	boolean isPostgres() {
		return this.stores.migrationLocation().endsWith("postgresql");
	}

	void migrate() {
		Flyway.configure()
			.dataSource(this.dataSource)
			.locations(this.stores.migrationLocation())
			.placeholders(Map.of("prefix", this.text.prefix()))
			.table(this.text.prefix() + "schema_history")
			.load()
			.migrate();
	}

	void clear() {
		TABLES.forEach((table) -> sql("delete from background_job_" + table).update());
		if (isMariaDb()) {
			sql("delete from background_job_unique_key").update();
		}
		sql("update background_job_pulse set last_sweep = null").update();
		beatForAnHour();
	}

	/**
	 * Makes a statement. The default table prefix in it is replaced by that of the test.
	 * @param statement the statement
	 * @return the statement
	 */
	JdbcClient.StatementSpec sql(String statement) {
		return this.client.sql(this.text.of(statement));
	}

	long count(String table) {
		return sql("select count(*) from background_job_" + table).query(Long.class).single();
	}

	void beatForAnHour() {
		sql("update background_job_pulse set last_beat = clock_timestamp(), "
				+ "up_since = clock_timestamp() - interval '1' hour")
			.update();
	}

	static NewJob job(String name) {
		return job(name, "default", 0);
	}

	static NewJob job(String name, String queue, int priority) {
		return new NewJob(name, queue, priority, DueTime.NOW, "{\"name\":\"" + name + "\"}", Map.of(), List.of(), null);
	}

	static NewJob later(String name, Duration delay) {
		return new NewJob(name, "default", 0, new DueTime.In(delay), "{}", Map.of(), List.of(), null);
	}

	static NewJob unique(String name, String key, UniqueUntil until) {
		return new NewJob(name, "default", 0, DueTime.NOW, "{}", Map.of(), List.of(), UniqueKey.of(name, key, until));
	}

	List<Enqueued> insert(NewJob... jobs) {
		return this.stores.enqueueStore().insert(List.of(jobs));
	}

	long enqueue(NewJob job) {
		return insert(job).get(0).id().value();
	}

	List<Long> enqueue(int count, String name, String queue) {
		List<NewJob> jobs = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			jobs.add(job(name, queue, 0));
		}
		return this.stores.enqueueStore().insert(jobs).stream().map(Enqueued::id).map(JobId::value).toList();
	}

	List<ClaimedJob> claim(int limit) {
		return claim(ME, limit);
	}

	List<ClaimedJob> claim(long worker, int limit) {
		return claim(worker, limit, Set.of("mail", "report", "other"));
	}

	List<ClaimedJob> claim(long worker, int limit, Set<String> names) {
		return claim(worker, limit, names, demand("default", limit));
	}

	List<ClaimedJob> claim(long worker, int limit, Set<String> names, QueueDemand... demands) {
		return this.stores.claimStore()
			.claim(new ClaimRequest(worker, this.claims.incrementAndGet(), names, List.of(demands), limit));
	}

	ClaimedJob claimOne() {
		return claim(1).get(0);
	}

	/**
	 * Asks for all lanes of a queue, from their beginnings, the most important first.
	 * @param queue the queue
	 * @param limit how many jobs
	 * @return the demand
	 */
	QueueDemand demand(String queue, int limit) {
		List<LaneStart> lanes = this.stores.claimStore()
			.lanes(QueueScope.of(Set.of(queue)))
			.stream()
			.sorted((a, b) -> (a.priority() != b.priority()) ? Integer.compare(b.priority(), a.priority())
					: Boolean.compare(b.front(), a.front()))
			.map((lane) -> new LaneStart(lane, 0))
			.toList();
		return new QueueDemand(queue, limit, lanes);
	}

	static QueueDemand demand(Lane lane, int limit, long from) {
		return new QueueDemand(lane.queue(), limit, List.of(new LaneStart(lane, from)));
	}

	Settled settle(ClaimedJob job, JobOutcome outcome) {
		return settle(true, new Settlement(job, outcome, null)).get(job.id());
	}

	Map<Long, Settled> settle(boolean history, Settlement... settlements) {
		return settle(history, List.of(settlements));
	}

	Map<Long, Settled> settle(boolean history, Collection<Settlement> settlements) {
		return this.stores.claimStore().settle(settlements, history);
	}

	void register(long worker) {
		this.stores.workerStore().register(new WorkerRow(worker, "node-1", 42), LEASE);
	}

	void expire(long worker) {
		sql("update background_job_worker set expires_at = clock_timestamp() - interval '1' second where id = :id")
			.param("id", worker)
			.update();
	}

	void makeDue(long id) {
		sql("update background_job_job set due_at = clock_timestamp() - interval '1' second where id = :id")
			.param("id", id)
			.update();
	}

	Map<String, Object> row(long id) {
		return sql("select * from background_job_job where id = :id").param("id", id).query().singleRow();
	}

	List<Long> waitingInOrder() {
		return sql("select id from background_job_job where state = 0 and worker is null order by front desc, seq")
			.query(Long.class)
			.list();
	}

	/**
	 * Locks a row in a transaction of another thread, as long as something is done.
	 * @param id the job
	 * @param action what is done meanwhile
	 */
	void whileLocked(long id, Runnable action) {
		this.transaction.executeWithoutResult((status) -> {
			sql("select id from background_job_job where id = :id for update").param("id", id)
				.query(Long.class)
				.single();
			Threads.inOther(action);
		});
	}

}
