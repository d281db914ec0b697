package io.jobstarter.support;

import io.jobstarter.JobContextPropagator.Scope;
import io.jobstarter.JobId;

/**
 * Names the job in what the calling thread logs.
 */
public interface JobLogFields {

	/** Names nothing. */
	JobLogFields NONE = new JobLogFields() {

		@Override
		public Scope put(JobId id, String name, String queue) {
			return Scope.NONE;
		}

		@Override
		public Scope put(AttemptDetails attempt) {
			return Scope.NONE;
		}

	};

	/**
	 * Names a job from now on.
	 * @param id the job
	 * @param name its name
	 * @param queue its queue
	 * @return what leaves the thread as it was before; throws nothing
	 */
	Scope put(JobId id, String name, String queue);

	/**
	 * Names an attempt from now on: the job, the attempt's number, its worker, and its
	 * trace as far as that is known.
	 * @param attempt the attempt
	 * @return what leaves the thread as it was before; throws nothing
	 */
	Scope put(AttemptDetails attempt);

}
