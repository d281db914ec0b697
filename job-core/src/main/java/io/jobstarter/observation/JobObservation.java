package io.jobstarter.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of Job Starter.
 */
public enum JobObservation implements ObservationDocumentation {

	/**
	 * One call that enqueues, of one job or of many: a timer
	 * {@code background.jobs.enqueue} and, with tracing, a span of kind producer, which
	 * is the parent of the attempts. In a transaction of the caller it ends before the
	 * commit.
	 */
	ENQUEUE {
		@Override
		public String getName() {
			return "background.jobs.enqueue";
		}

		@Override
		public String getContextualName() {
			return "enqueue %s";
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return EnqueueKey.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return EnqueueDetail.values();
		}
	},

	/**
	 * One attempt that may begin: a timer {@code background.jobs.execution} and, with
	 * tracing, a span of kind consumer, which is linked to that of the first attempt.
	 */
	EXECUTION {
		@Override
		public String getName() {
			return "background.jobs.execution";
		}

		@Override
		public String getContextualName() {
			return "job %s";
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinality.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinality.values();
		}
	};

	/**
	 * Keys of few values: tags of the timer.
	 */
	public enum LowCardinality implements KeyName {

		/** The job's name. */
		JOB_NAME {
			@Override
			public String asString() {
				return "job.name";
			}
		},

		/** The queue that it came from. */
		QUEUE {
			@Override
			public String asString() {
				return "queue";
			}
		},

		/** How the body ended: succeeded, failed, snoozed or discarded. */
		OUTCOME {
			@Override
			public String asString() {
				return "outcome";
			}
		},

		/** The simple name of the exception's class, or "none". */
		ERROR {
			@Override
			public String asString() {
				return "error";
			}
		}

	}

	/**
	 * Keys of many values: in spans only.
	 */
	public enum HighCardinality implements KeyName {

		/** The job's id. */
		JOB_ID {
			@Override
			public String asString() {
				return "job.id";
			}
		},

		/** The number of the attempt. */
		ATTEMPT {
			@Override
			public String asString() {
				return "attempt";
			}
		}

	}

	/**
	 * Keys of few values of an enqueue: tags of the timer. Micrometer adds {@code error},
	 * the simple name of the exception's class or "none".
	 */
	public enum EnqueueKey implements KeyName {

		/** The job's name, or "several" where one call enqueues different jobs. */
		JOB_NAME {
			@Override
			public String asString() {
				return "job.name";
			}
		},

		/**
		 * The queue, "other" for one that nothing declares, or "several". Not of the
		 * timer of enqueues that are under way: it may depend on the payload.
		 */
		QUEUE {
			@Override
			public String asString() {
				return "queue";
			}
		}

	}

	/**
	 * Keys of many values of an enqueue: in spans only.
	 */
	public enum EnqueueDetail implements KeyName {

		/** The job's id, where the call enqueues a single one. */
		JOB_ID {
			@Override
			public String asString() {
				return "job.id";
			}
		},

		/** How many jobs the call enqueues. */
		JOB_COUNT {
			@Override
			public String asString() {
				return "job.count";
			}
		}

	}

}
