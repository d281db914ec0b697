package io.jobstarter.benchmarks.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/**
 * Quartz on its JDBC store: one durable job, and a trigger with data for each run, which
 * costs less than a job for each.
 */
final class QuartzEngine implements Engine {

	private static final int THREADS = 20;

	private static final String SOURCE = "bench";

	private static final JobKey KEY = new JobKey("work");

	private static final String PENDING = """
			select exists (select from qrtz_triggers where next_fire_time <= extract(epoch from now()) * 1000
				or next_fire_time < 0)
			""";

	private final Database database;

	private final Scheduler scheduler;

	private final JobDetail job = JobBuilder.newJob(Body.class).withIdentity(KEY).storeDurably().build();

	private final boolean workers;

	private QuartzEngine(Database database, boolean workers) throws SchedulerException {
		this.database = database;
		this.workers = workers;
		DBConnectionManager.getInstance().addConnectionProvider(SOURCE, new Connections(database));
		this.scheduler = new StdSchedulerFactory(properties()).getScheduler();
		this.scheduler.addJob(this.job, true);
	}

	private static Properties properties() {
		Properties properties = new Properties();
		properties.put("org.quartz.scheduler.instanceName", "bench");
		properties.put("org.quartz.scheduler.instanceId", "AUTO");
		properties.put("org.quartz.scheduler.skipUpdateCheck", "true");
		properties.put("org.quartz.scheduler.idleWaitTime", "1000");
		properties.put("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", String.valueOf(THREADS));
		properties.put("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
		properties.put("org.quartz.threadPool.threadCount", String.valueOf(THREADS));
		properties.put("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
		properties.put("org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
		properties.put("org.quartz.jobStore.dataSource", SOURCE);
		properties.put("org.quartz.jobStore.useProperties", "true");
		properties.put("org.quartz.jobStore.isClustered", "true");
		// Late is not missed: handling a misfire would cost it another update.
		properties.put("org.quartz.jobStore.misfireThreshold", "86400000");
		return properties;
	}

	static QuartzEngine open(EngineSettings settings) {
		Database database = new Database(settings);
		database.createUnlessThere("qrtz_triggers", "/org/quartz/impl/jdbcjobstore/tables_postgres.sql");
		try {
			return new QuartzEngine(database, settings.workers());
		}
		catch (SchedulerException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void enqueue(Work work) {
		run(() -> this.scheduler.scheduleJob(trigger(work, Instant.now())));
	}

	@Override
	public void enqueueAll(List<Work> work) {
		scheduleAll(work, Instant.now());
	}

	@Override
	public void schedule(List<Work> work, Duration delay) {
		scheduleAll(work, Instant.now().plus(delay));
	}

	private void scheduleAll(List<Work> work, Instant due) {
		Set<Trigger> triggers = new HashSet<>();
		work.forEach((each) -> triggers.add(trigger(each, due)));
		run(() -> this.scheduler.scheduleJobs(Map.of(this.job, triggers), true));
	}

	private static Trigger trigger(Work work, Instant due) {
		JobDataMap data = new JobDataMap();
		data.put("number", String.valueOf(work.number()));
		data.put("sentAt", String.valueOf(work.sentAt()));
		data.put("filler", work.filler());
		return TriggerBuilder.newTrigger()
			.withIdentity(work.sentAt() + "-" + work.number())
			.forJob(KEY)
			.usingJobData(data)
			.startAt(Date.from(due))
			.build();
	}

	@Override
	public void pause() {
		run(this.scheduler::standby);
	}

	@Override
	public void resume() {
		if (this.workers) {
			run(this.scheduler::start);
		}
	}

	@Override
	public boolean hasPending() {
		return this.database.isTrue(PENDING);
	}

	@Override
	public void close() {
		run(() -> this.scheduler.shutdown(true));
		this.database.close();
	}

	private static void run(Action action) {
		try {
			action.run();
		}
		catch (SchedulerException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Something of Quartz's that may fail.
	 */
	private interface Action {

		void run() throws SchedulerException;

	}

	/**
	 * Counts.
	 */
	public static final class Body implements Job {

		@Override
		public void execute(JobExecutionContext context) {
			JobDataMap data = context.getMergedJobDataMap();
			Tally.ran(new Work(Integer.parseInt(data.getString("number")), Long.parseLong(data.getString("sentAt")),
					data.getString("filler")));
		}

	}

	/**
	 * The pool, as Quartz takes it.
	 *
	 * @param database the pool
	 */
	private record Connections(Database database) implements ConnectionProvider {

		@Override
		public Connection getConnection() throws SQLException {
			return this.database.dataSource().getConnection();
		}

		@Override
		public void shutdown() {
		}

		@Override
		public void initialize() {
		}

	}

}
