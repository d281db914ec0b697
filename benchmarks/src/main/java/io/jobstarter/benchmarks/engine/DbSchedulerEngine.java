package io.jobstarter.benchmarks.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * db-scheduler.
 */
final class DbSchedulerEngine implements Engine {

	private static final int THREADS = 20;

	private static final String PENDING = "select exists (select from scheduled_tasks where execution_time <= now())";

	private final Database database;

	private final OneTimeTask<Work> task = Tasks.oneTime("work", Work.class)
		.execute((instance, context) -> Tally.ran(instance.getData()));

	private final SchedulerClient client;

	private final @Nullable Scheduler scheduler;

	private final TransactionTemplate transaction;

	private DbSchedulerEngine(Database database, boolean workers) {
		this.database = database;
		// So that it takes part in transactions, as its Spring Boot starter does it.
		TransactionAwareDataSourceProxy dataSource = new TransactionAwareDataSourceProxy(database.dataSource());
		this.transaction = new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
		this.scheduler = workers ? Scheduler.create(dataSource, this.task)
			.serializer(new JsonSerializer())
			.threads(THREADS)
			.pollUsingLockAndFetch(1.0, 4.0)
			.pollingInterval(Duration.ofMillis(100))
			.enableImmediateExecution()
			.build() : null;
		this.client = (this.scheduler != null) ? this.scheduler
				: SchedulerClient.Builder.create(dataSource, this.task).serializer(new JsonSerializer()).build();
		if (this.scheduler != null) {
			this.scheduler.pause();
			this.scheduler.start();
		}
	}

	static DbSchedulerEngine open(EngineSettings settings) {
		Database database = new Database(settings);
		database.createUnlessThere("scheduled_tasks", "/io/jobstarter/benchmarks/db-scheduler.sql");
		return new DbSchedulerEngine(database, settings.workers());
	}

	@Override
	public void enqueue(Work work) {
		this.client.scheduleIfNotExists(instance(work), Instant.now());
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
		this.transaction.executeWithoutResult((status) -> this.client
			.scheduleBatch(work.stream().<TaskInstance<?>>map(this::instance).toList(), due));
	}

	private TaskInstance<Work> instance(Work work) {
		return this.task.instance(work.sentAt() + "-" + work.number(), work);
	}

	@Override
	public void pause() {
		if (this.scheduler != null) {
			this.scheduler.pause();
		}
	}

	@Override
	public void resume() {
		if (this.scheduler != null) {
			this.scheduler.resume();
		}
	}

	@Override
	public boolean hasPending() {
		return this.database.isTrue(PENDING);
	}

	@Override
	public void close() {
		if (this.scheduler != null) {
			this.scheduler.stop();
		}
		this.database.close();
	}

	private static final class JsonSerializer implements Serializer {

		private final ObjectMapper json = new ObjectMapper();

		@Override
		public byte[] serialize(Object data) {
			try {
				return this.json.writeValueAsBytes(data);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public <T> T deserialize(Class<T> type, byte[] data) {
			try {
				return this.json.readValue(data, type);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
