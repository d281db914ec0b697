package io.jobstarter.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of Job Starter.
 */
public enum JobObservation implements ObservationDocumentation {

	/**
	 * One attempt: a timer {@code background.jobs.execution} and, with tracing, a span.
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

}
