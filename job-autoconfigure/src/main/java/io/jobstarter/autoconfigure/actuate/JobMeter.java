package io.jobstarter.autoconfigure.actuate;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * The meters of background jobs, but for those that Micrometer makes of observations,
 * which {@link io.jobstarter.observation.JobObservation} documents. What is here is what
 * registries and the documentation say of them.
 */
public enum JobMeter implements MeterDocumentation {

	/** From due to start. */
	WAIT("wait", Type.TIMER, null, "Time from due to start, also of what waited in the memory of a node", Tag.JOB_NAME,
			Tag.QUEUE),

	/** CPU time of attempts. */
	CPU("cpu", Type.TIMER, null, "CPU time of an attempt, of its own thread", Tag.JOB_NAME, Tag.QUEUE),

	/** Allocated bytes of attempts. */
	ALLOCATED("allocated", Type.DISTRIBUTION_SUMMARY, "bytes", "What an attempt allocated, in its own thread",
			Tag.JOB_NAME, Tag.QUEUE),

	/** Enqueued jobs. */
	ENQUEUED("enqueued", Type.COUNTER, null, "Jobs enqueued by this node", Tag.JOB_NAME, Tag.QUEUE),

	/** Lost jobs. */
	ENQUEUE_FAILED("enqueue.failed", Type.COUNTER, null, "Jobs lost after the commit of another database", Tag.JOB_NAME,
			Tag.QUEUE),

	/** Failed attempts. */
	RETRIES("retries", Type.COUNTER, null, "Failed attempts that are tried again", Tag.JOB_NAME, Tag.QUEUE),

	/** Retries that helped. */
	RETRIES_SUCCEEDED("retries.succeeded", Type.COUNTER, null, "Jobs that succeeded after failed attempts",
			Tag.JOB_NAME, Tag.QUEUE),

	/** Attempts put off. */
	SNOOZED("snoozed", Type.COUNTER, null, "Attempts that were put off and used up none", Tag.JOB_NAME, Tag.QUEUE),

	/** New dead letters. */
	DEAD("dead", Type.COUNTER, null, "Jobs that became dead letters", Tag.JOB_NAME, Tag.QUEUE, Tag.REASON),

	/** Lost leases. */
	LEASE_LOST("lease.lost", Type.COUNTER, null, "Attempts whose job was no longer held when they ended", Tag.JOB_NAME,
			Tag.QUEUE),

	/** Recovered jobs. */
	RECOVERED("recovered", Type.COUNTER, null, "Jobs freed from workers that died", Tag.JOB_NAME, Tag.QUEUE),

	/** Missed fires. */
	RECURRING_MISSED("recurring.missed", Type.COUNTER, null,
			"Fires of recurring jobs that were noticed too late and not made up for", Tag.RECURRING),

	/** Jobs without history. */
	HISTORY_FAILED("history.failed", Type.COUNTER, null,
			"Jobs that this node settled although their history could not be written"),

	/** Claims that a rate has cut. */
	RATE_LIMITED("rate.limited", Type.COUNTER, null,
			"Claims of this node that had fewer jobs than free slots because of the rate of a queue", Tag.QUEUE),

	/** Refused jobs. */
	REFUSED("refused", Type.COUNTER, null,
			"Jobs that this node did not enqueue since their queue was full, those that ran in their callers included",
			Tag.QUEUE),

	/** Slots. */
	SLOTS("slots", Type.GAUGE, null, "How many jobs this node runs at the same time at most"),

	/** Taken slots. */
	SLOTS_USED("slots.used", Type.GAUGE, null, "How many slots of this node are taken"),

	/** Bodies that do not end. */
	STUCK("stuck", Type.GAUGE, null, "Jobs that run on although this node has interrupted them"),

	/** The lease. */
	LEASE_HELD("lease.held", Type.GAUGE, null, "Whether this node holds its lease"),

	/** Failing threads. */
	LOOP_FAILURES("loop.failures", Type.GAUGE, null, "Failed rounds in a row of a thread of this node", Tag.LOOP),

	/** Depths. */
	QUEUE_DEPTH("queue.depth", Type.GAUGE, "jobs", "Jobs in a queue; beyond a thousand or so an estimate", Tag.QUEUE,
			Tag.STATE),

	/** The oldest job. */
	QUEUE_OLDEST("queue.oldest", Type.GAUGE, "seconds", "For how long the oldest ready job of a queue has been due",
			Tag.QUEUE),

	/** Starving jobs. */
	QUEUE_OVERTAKEN("queue.overtaken", Type.GAUGE, "seconds",
			"For how long the oldest ready job has been due that jobs of higher priority overtake", Tag.QUEUE),

	/** Workers of a queue. */
	QUEUE_WORKERS("queue.workers", Type.GAUGE, null, "Live workers of all nodes that serve a queue", Tag.QUEUE),

	/** Paused queues. */
	QUEUE_PAUSED("queue.paused", Type.GAUGE, null, "Whether a queue is paused", Tag.QUEUE),

	/** Live workers. */
	WORKERS("workers", Type.GAUGE, null, "Live workers of all nodes"),

	/** Open dead letters. */
	DEAD_UNRESOLVED("dead.unresolved", Type.GAUGE, null,
			"Dead letters that nobody has retried or discarded; beyond ten thousand in all an estimate", Tag.JOB_NAME),

	/** Open breakers. */
	BREAKER_OPEN("breaker.open", Type.GAUGE, null, "Whether a circuit breaker is open or half-open for all nodes",
			Tag.BREAKER),

	/** Parked jobs. */
	PARKED("parked", Type.GAUGE, "jobs", "Jobs that wait for a circuit breaker", Tag.BREAKER),

	/** Sizes of tables. */
	TABLE_SIZE("table.size", Type.GAUGE, "bytes", "Size of a table with its indexes", Tag.TABLE),

	/** Dead rows. */
	TABLE_DEAD_ROWS("table.dead.rows", Type.GAUGE, null, "Dead rows of a table that vacuum has not removed", Tag.TABLE),

	/** Old snapshots. */
	VACUUM_HELD_BACK("vacuum.held.back", Type.GAUGE, "seconds",
			"Age of the oldest snapshot of others that holds back vacuum, 0 if none does");

	private static final String PREFIX = "background.jobs.";

	private final String name;

	private final Type type;

	private final @Nullable String baseUnit;

	private final String description;

	private final Tag[] tags;

	JobMeter(String name, Type type, @Nullable String baseUnit, String description, Tag... tags) {
		this.name = PREFIX + name;
		this.type = type;
		this.baseUnit = baseUnit;
		this.description = description;
		this.tags = tags;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Type getType() {
		return this.type;
	}

	@Override
	public @Nullable String getBaseUnit() {
		return this.baseUnit;
	}

	@Override
	public KeyName[] getKeyNames() {
		return this.tags.clone();
	}

	/**
	 * Says what it shows.
	 * @return the text
	 */
	public String description() {
		return this.description;
	}

	/**
	 * The tags.
	 */
	public enum Tag implements KeyName {

		/** The job's name. */
		JOB_NAME("job.name"),

		/** The queue. */
		QUEUE("queue"),

		/** Why a job died: exhausted, unreadable or crash. */
		REASON("reason"),

		/** The state of a job: ready, running, scheduled or blocked. */
		STATE("state"),

		/** The instance of a circuit breaker. */
		BREAKER("breaker"),

		/** A table, without the prefix. */
		TABLE("table"),

		/** The id of a recurring job. */
		RECURRING("recurring"),

		/** A thread of the engine. */
		LOOP("loop");

		private final String key;

		Tag(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
