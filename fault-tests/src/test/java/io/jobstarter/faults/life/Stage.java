package io.jobstarter.faults.life;

import io.jobstarter.JobState;

/**
 * Where a job stands.
 */
enum Stage {

	READY(JobState.READY), RUNNING(JobState.RUNNING), SCHEDULED(JobState.SCHEDULED),

	/** Waits for a circuit breaker. */
	PARKED(JobState.BLOCKED),

	/** Waits for a key. */
	KEYED(JobState.BLOCKED),

	SUCCEEDED(JobState.SUCCEEDED), DISCARDED(JobState.DISCARDED), CANCELLED(JobState.CANCELLED), DEAD(JobState.DEAD);

	private final JobState state;

	Stage(JobState state) {
		this.state = state;
	}

	/**
	 * What users are told.
	 * @return the state
	 */
	JobState state() {
		return this.state;
	}

	boolean isFinal() {
		return this.state.isFinal();
	}

	boolean waits() {
		return !isFinal() && this != RUNNING;
	}

}
