package io.jobstarter;

/**
 * What was done about a dead letter.
 */
public enum DeadLetterState {

	/** Nothing yet. */
	OPEN,

	/** A job was enqueued in its place. */
	RETRIED,

	/** It was given up. */
	DISCARDED

}
