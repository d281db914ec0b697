package io.jobstarter.benchmarks.engine;

import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;

/**
 * A job as JobRunr takes it.
 *
 * @param work the job
 */
public record JobRunrWork(Work work) implements JobRequest {

	@Override
	public Class<Handler> getJobRequestHandler() {
		return Handler.class;
	}

	/**
	 * Counts.
	 */
	public static final class Handler implements JobRequestHandler<JobRunrWork> {

		@Override
		public void run(JobRunrWork request) {
			Tally.ran(request.work());
		}

	}

}
