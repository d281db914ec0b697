package io.jobstarter;

/**
 * Why a job does not run. Further reasons may come with later releases.
 */
public enum ReasonCode {

	/** Its queue is paused. */
	QUEUE_PAUSED,

	/** No worker is alive. */
	NO_WORKER_ALIVE,

	/** No live worker serves its queue. */
	QUEUE_NOT_SERVED,

	/** No worker that serves its queue has a handler of its name. */
	NAME_NOT_KNOWN,

	/** All workers that could run it are shutting down. */
	WORKERS_STOPPING,

	/** Some workers run an earlier release and do not tell what they serve. */
	WORKERS_DO_NOT_TELL,

	/** All slots that it could have are taken. */
	SLOTS_BUSY,

	/** All nodes together run as many jobs of its queue as they may. */
	FLEET_LIMIT,

	/** Those who could run it keep their slots for a job that has to run alone. */
	SLOTS_RESERVED,

	/** The slots that are free are kept for jobs of lower priority. */
	SLOTS_KEPT,

	/** Other jobs of its queue go first. */
	JOBS_AHEAD,

	/** Jobs of higher priority keep coming, and go before it. */
	OVERTAKEN,

	/** Workers died while they ran it, so it runs alone on an idle node. */
	RUNS_ALONE,

	/** Its circuit breaker is open. */
	CIRCUIT_OPEN,

	/** Its circuit breaker lets only a few jobs through, which decide. */
	CIRCUIT_HALF_OPEN,

	/** Somebody keeps its circuit breaker open. */
	CIRCUIT_FORCED_OPEN,

	/** Its circuit breaker has closed, and releases what waits. */
	CIRCUIT_RELEASING,

	/** Jobs that hold its key are as many as may run at the same time. */
	KEY_LIMIT,

	/** Another job of its order goes first. */
	OUT_OF_TURN,

	/** Its key has room again, and what waits for it is released. */
	KEY_RELEASING,

	/** The rate of its queue has no permit. */
	QUEUE_RATE,

	/** The rate of one of its keys has no permit, or others wait for one before it. */
	RATE_LIMIT,

	/** It waits for something that this release does not know. */
	BLOCKED,

	/** It is due later, for the first time. */
	DUE_LATER,

	/** It failed, and is due for another attempt later. */
	RETRY_LATER,

	/**
	 * It was put off without an attempt used up: by its handler, or for lack of a permit.
	 */
	PUT_OFF,

	/** It is due, and about to become ready. */
	DUE_NOW,

	/** Nothing is in its way. */
	STARTS_SOON,

	/** A worker holds it. */
	RUNNING,

	/** A worker has claimed it, and may not have started it yet. */
	HELD_AHEAD,

	/** Somebody has asked for its cancellation. */
	CANCEL_REQUESTED,

	/** The worker that holds it has missed heartbeats. */
	WORKER_SILENT,

	/** The lease of the worker that holds it has ended. */
	WORKER_OVERDUE,

	/** The worker that holds it was declared dead, and its jobs are being freed. */
	WORKER_DEAD,

	/** Nothing is known of the worker that holds it. */
	WORKER_UNKNOWN,

	/** It succeeded. */
	SUCCEEDED,

	/** It was discarded. */
	DISCARDED,

	/** It was cancelled. */
	CANCELLED,

	/** It is a dead letter. */
	DEAD

}
