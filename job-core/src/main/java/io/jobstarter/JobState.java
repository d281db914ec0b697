package io.jobstarter;

/**
 * Where a job stands.
 */
public enum JobState {

	/** Due later; also waiting for its next attempt. */
	SCHEDULED,

	/** Waits for a worker. */
	READY,

	/** Waits for something else than time or a worker. */
	BLOCKED,

	/** A worker holds it. */
	RUNNING,

	/** Over: its handler returned. */
	SUCCEEDED,

	/** Over: it need not be done any more. */
	DISCARDED,

	/** Over: somebody cancelled it. */
	CANCELLED,

	/** Over for now: a dead letter, to be redriven or discarded. */
	DEAD;

	/**
	 * Whether nothing happens to a job in this state by itself.
	 * @return whether the state is final
	 */
	public boolean isFinal() {
		return ordinal() >= SUCCEEDED.ordinal();
	}

}
