package io.jobstarter;

/**
 * Why a job became a dead letter.
 */
public enum DeadReason {

	/** It failed as often as its policy allows. */
	EXHAUSTED,

	/** Its workers died three times while they ran it. */
	CRASH,

	/** Its payload cannot be turned into the handler's type. */
	UNREADABLE

}
