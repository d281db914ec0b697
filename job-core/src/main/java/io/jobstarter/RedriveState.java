package io.jobstarter;

/**
 * Where a redrive by filter stands.
 */
public enum RedriveState {

	/** Its first jobs are under way, and decide whether the others follow. */
	CANARY,

	/** It enqueues jobs. */
	RUNNING,

	/** Its canary failed: it waits for somebody to resume or cancel it. */
	STOPPED,

	/** It has dealt with all its letters. */
	DONE,

	/** Somebody ended it. */
	CANCELLED;

	/**
	 * Whether it goes on by itself.
	 * @return whether nodes work on it
	 */
	public boolean isUnderWay() {
		return this == CANARY || this == RUNNING;
	}

}
