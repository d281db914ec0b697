package io.jobstarter.client;

import java.util.List;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.NewJob;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Enqueues single jobs, or runs them in the thread that enqueues them if their queue is
 * full and its bound says so: then that thread has no time to enqueue more. What fails
 * there is enqueued after all, so that retries and dead letters are what they always are.
 */
final class CallerRuns {

	private static final Log logger = LogFactory.getLog(CallerRuns.class);

	private final Enqueuer enqueuer;

	private final Runner runner;

	// What a job enqueues that runs so must not run within it, and so on.
	private final ThreadLocal<Boolean> running = ThreadLocal.withInitial(() -> false);

	CallerRuns(Enqueuer enqueuer, Runner runner) {
		this.enqueuer = enqueuer;
		this.runner = runner;
	}

	/**
	 * Enqueues or runs a job.
	 * @param definition its handler
	 * @param payload its payload
	 * @param job what to enqueue
	 * @return what became of it; {@link JobId#NONE} if it has run
	 */
	Enqueued enqueue(JobDefinition definition, @Nullable Object payload, NewJob job) {
		if (this.running.get() || !this.enqueuer.isToRunInCaller(job)) {
			return this.enqueuer.enqueueAll(List.of(job)).get(0);
		}
		this.running.set(true);
		try {
			this.runner.run(definition, payload);
			return new Enqueued(JobId.NONE, false);
		}
		catch (Exception ex) {
			logger.debug("A " + job.name() + " failed in the thread that enqueued it, for its queue is full: "
					+ "it is enqueued", LoggedError.of(ex));
			return this.enqueuer.enqueueBeyondBounds(job);
		}
		finally {
			this.running.remove();
		}
	}

	/**
	 * Runs a job here and now.
	 */
	@FunctionalInterface
	interface Runner {

		void run(JobDefinition definition, @Nullable Object payload) throws Exception;

	}

}
