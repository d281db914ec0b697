package io.jobstarter.benchmarks.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * JobRunr. Its bulk enqueue commits by itself, in batches, and takes no part in a
 * transaction.
 */
final class JobRunrEngine implements Engine {

	private static final int THREADS = 20;

	private static final String PENDING = """
			select exists (select from jobrunr_jobs where state in ('ENQUEUED', 'PROCESSING'))
			""";

	private final Database database;

	private final JobRequestScheduler scheduler;

	private final @Nullable BackgroundJobServer server;

	private JobRunrEngine(Database database, boolean workers) {
		this.database = database;
		JacksonJsonMapper json = new JacksonJsonMapper();
		PostgresStorageProvider storage = new PostgresStorageProvider(database.dataSource());
		storage.setJobMapper(new JobMapper(json));
		this.scheduler = new JobRequestScheduler(storage);
		this.server = workers ? new BackgroundJobServer(storage, json, activator(),
				BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
					.andPollInterval(Duration.ofSeconds(5))
					.andWorkerCount(THREADS))
				: null;
	}

	private static JobActivator activator() {
		return new JobActivator() {
			@Override
			public <T> T activateJob(Class<T> type) {
				return type.cast(new JobRunrWork.Handler());
			}
		};
	}

	static JobRunrEngine open(EngineSettings settings) {
		return new JobRunrEngine(new Database(settings), settings.workers());
	}

	@Override
	public void enqueue(Work work) {
		this.scheduler.enqueue(new JobRunrWork(work));
	}

	@Override
	public void enqueueAll(List<Work> work) {
		this.scheduler.enqueue(work.stream().map(JobRunrWork::new));
	}

	@Override
	public void schedule(List<Work> work, Duration delay) {
		Instant due = Instant.now().plus(delay);
		work.forEach((each) -> this.scheduler.schedule(due, new JobRunrWork(each)));
	}

	@Override
	public void pause() {
		if (this.server != null && this.server.isRunning()) {
			this.server.pauseProcessing();
		}
	}

	@Override
	public void resume() {
		if (this.server != null) {
			if (this.server.isAnnounced()) {
				this.server.resumeProcessing();
			}
			else {
				this.server.start();
			}
		}
	}

	@Override
	public boolean hasPending() {
		return this.database.isTrue(PENDING);
	}

	@Override
	public void close() {
		if (this.server != null) {
			this.server.stop();
		}
		this.scheduler.shutdown();
		this.database.close();
	}

}
