package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.Misfire;
import io.jobstarter.Overlap;
import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.client.EnqueueMode;
import io.jobstarter.client.OnFull;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of Job Starter.
 *
 * @param enabled whether background jobs are available at all
 * @param start what to do if the database that holds the jobs is not there when the
 * application starts: fail, or start without it and wait for it in the background
 * @param enqueue what an enqueue does in a transaction of another database than that of
 * the jobs: add the job after its commit, or at once whatever becomes of it
 * @param groupCommit whether jobs that several threads enqueue one by one, outside of
 * transactions, are committed together
 * @param worker settings of the worker of this node
 * @param queues queues that this node serves, by name or, with an asterisk at the end, by
 * how their names begin; without any, the default queue and every queue that a handler
 * names
 * @param defaults what holds for jobs that say nothing themselves
 * @param jobs settings of single jobs, by job name; they go before the annotation
 * @param limits how many jobs of a key run at the same time over all nodes, by the name
 * of the limit, which is its group; goes before the annotation
 * @param recurring jobs that are enqueued again and again, by id; they go before
 * annotations of the same id
 * @param retryBudget how many of the attempts of a node may be retries
 * @param context what jobs take along from the thread that enqueues them
 * @param log what is logged of jobs
 * @param history settings of the history of finished jobs
 * @param deadLetters settings of dead letters
 * @param metrics settings of the meters
 * @param schema settings of the tables
 * @param health settings of the health of a node that runs jobs
 * @param sensitiveNames names of payload properties and headers whose values nobody is to
 * see, besides those that are always masked; a name that contains one is masked, too
 */
@ConfigurationProperties("background-jobs")
public record BackgroundJobProperties(@DefaultValue("true") boolean enabled, @DefaultValue("fail-fast") Start start,
		@DefaultValue("transaction") EnqueueMode enqueue, @DefaultValue("false") boolean groupCommit,
		@DefaultValue Worker worker, @DefaultValue Map<String, Queue> queues, @DefaultValue Defaults defaults,
		@DefaultValue Map<String, Job> jobs, @DefaultValue Map<String, Integer> limits,
		@DefaultValue Map<String, RecurringJob> recurring, @DefaultValue RetryBudget retryBudget,
		@DefaultValue Context context, @DefaultValue Log log, @DefaultValue History history,
		@DefaultValue DeadLetters deadLetters, @DefaultValue Metrics metrics, @DefaultValue Schema schema,
		@DefaultValue Health health, @DefaultValue List<String> sensitiveNames) {

	public BackgroundJobProperties {
		queues = Collections.unmodifiableMap(new LinkedHashMap<>(queues));
		jobs = Collections.unmodifiableMap(new LinkedHashMap<>(jobs));
		limits = Map.copyOf(limits);
		recurring = Collections.unmodifiableMap(new LinkedHashMap<>(recurring));
		sensitiveNames = List.copyOf(sensitiveNames);
	}

	/**
	 * What to do if the database that holds the jobs is not there at start.
	 */
	public enum Start {

		/** Fail. */
		FAIL_FAST,

		/** Start all the same, and create or migrate the tables when it is there. */
		WAIT

	}

	/**
	 * Settings of the worker of this node.
	 *
	 * @param enabled whether this node runs jobs; if not, it only enqueues them
	 * @param lease how long the jobs of this node stay its own without a heartbeat: the
	 * time after which others run the jobs of a node that crashed. At least five
	 * heartbeats
	 * @param heartbeat how often the lease is renewed
	 * @param pollInterval how often to look for jobs that nothing announced; up to five
	 * times as seldom while there is nothing to do and announcements are known to arrive
	 * @param shutdownTimeout how long running jobs may go on when the node stops, before
	 * they are interrupted and given back
	 * @param queueOrder how queues are served that compete for the slots of this node
	 * @param concurrency how many jobs this node runs at the same time over all queues;
	 * by default the sum over the queues
	 * @param threads threads that jobs run in; 'auto' means virtual ones where
	 * spring.threads.virtual.enabled is set
	 * @param listenUrl JDBC URL of a direct connection to PostgreSQL on which to listen
	 * for jobs enqueued elsewhere, where the application's own URL leads through a pooler
	 * such as PgBouncer
	 */
	public record Worker(@DefaultValue("true") boolean enabled, @DefaultValue("30s") Duration lease,
			@DefaultValue("5s") Duration heartbeat, @DefaultValue("1s") Duration pollInterval,
			@DefaultValue("20s") Duration shutdownTimeout, @DefaultValue("weighted") QueueOrder queueOrder,
			@Nullable Integer concurrency, @DefaultValue("auto") Threads threads, @Nullable String listenUrl) {
	}

	/**
	 * What threads jobs run in.
	 */
	public enum Threads {

		/** Virtual threads where Boot's switch is on, platform threads elsewhere. */
		AUTO,

		/** Platform threads. */
		PLATFORM,

		/** Virtual threads. */
		VIRTUAL

	}

	/**
	 * Settings of one entry of the queues of this node.
	 *
	 * @param concurrency how many jobs of the queue this node runs at the same time; of
	 * all queues together where there is an asterisk
	 * @param weight how often the entry goes first, relative to the others, where the
	 * order is weighted
	 * @param reserved slots that are kept for low priorities
	 * @param minConcurrency how many jobs this node runs at the same time at least, where
	 * it is to find out how many between this and the concurrency it takes
	 * @param maxFleetConcurrency how many jobs all nodes together run at the same time;
	 * of all queues together where there is an asterisk
	 * @param rateLimit how many jobs of the queue may start within a time, over all
	 * nodes; of all queues together where there is an asterisk
	 * @param maxDepth how many ready jobs the queue may hold before this node enqueues no
	 * more, about; each queue where there is an asterisk
	 * @param onFull what to do with a job then: refuse it, or run it in the thread that
	 * enqueues it
	 */
	public record Queue(@DefaultValue("5") int concurrency, @DefaultValue("1") int weight,
			@DefaultValue Reserved reserved, @Nullable Integer minConcurrency, @Nullable Integer maxFleetConcurrency,
			@DefaultValue RateLimit rateLimit, @Nullable Integer maxDepth, @DefaultValue("reject") OnFull onFull) {
	}

	/**
	 * How many jobs may start within a time.
	 *
	 * @param permits how many; without it, as many as like
	 * @param per the time
	 */
	public record RateLimit(@Nullable Integer permits, @DefaultValue("1s") Duration per) {
	}

	/**
	 * Slots that are kept for low priorities.
	 *
	 * @param slots how many of the queue's slots on this node no job of a higher priority
	 * takes, also while they are free
	 * @param below the priority below which a job may take them
	 */
	public record Reserved(@DefaultValue("0") int slots, @DefaultValue("0") int below) {
	}

	/**
	 * What holds for jobs that say nothing themselves.
	 *
	 * @param queue queue of jobs that name none
	 * @param timeout how long an attempt may take; without one, as long as it likes
	 * @param maxPayload largest serialized payload; a larger one is refused at enqueue
	 * @param warnAfter after which time a running attempt is logged as long
	 * @param retry retry instance of Resilience4j of jobs that name none
	 */
	public record Defaults(@DefaultValue("default") String queue, @Nullable Duration timeout,
			@DefaultValue("64KB") DataSize maxPayload, @DefaultValue("15m") Duration warnAfter,
			@Nullable String retry) {
	}

	/**
	 * Settings of one job.
	 *
	 * @param queue queue of its jobs, or an expression over the payload that chooses it
	 * @param priority priority within the queue; higher runs first
	 * @param timeout how long an attempt may take
	 * @param deadLetter whether a job that is out of attempts is kept as a dead letter
	 * @param retry retry instance of Resilience4j that decides about failures; empty for
	 * the default policy
	 * @param circuitBreaker circuit breaker instance of Resilience4j whose configuration
	 * the breaker of these jobs has; empty for none
	 * @param circuitBreakerKey expression over the payload that chooses the breaker, so
	 * that there is one for each endpoint or tenant
	 * @param rateLimiter rate limiter instance of Resilience4j whose configuration the
	 * limiter of these jobs has, on each node; empty for none
	 * @param unique how these jobs are unique; each setting goes before that of the
	 * annotation
	 */
	public record Job(@Nullable String queue, @Nullable Integer priority, @Nullable Duration timeout,
			@Nullable Boolean deadLetter, @Nullable String retry, @Nullable String circuitBreaker,
			@Nullable String circuitBreakerKey, @Nullable String rateLimiter, @DefaultValue Unique unique) {
	}

	/**
	 * How the jobs of one name are unique.
	 *
	 * @param enabled whether they are unique at all; where this is not said, an
	 * annotation or any other setting makes them unique
	 * @param key expression over the payload that tells them apart; empty for the whole
	 * payload
	 * @param until what frees the key
	 * @param ttl how long the key is held from the enqueue on, if it is held until it has
	 * expired
	 * @param onConflict what becomes of an enqueue that meets the key
	 * @param within by how much a job is put off, so that others can join it
	 * @param maxDelay how long after the first enqueue others may put a job off; by
	 * default ten times within
	 */
	public record Unique(@Nullable Boolean enabled, @Nullable String key, @Nullable UniqueUntil until,
			@Nullable Duration ttl, @Nullable UniqueConflict onConflict, @Nullable Duration within,
			@Nullable Duration maxDelay) {
	}

	/**
	 * A job that is enqueued again and again.
	 *
	 * @param enabled whether it fires; if not, it is switched off when a node starts with
	 * this, also one of an annotation
	 * @param schedule when it fires: words such as 'every day at 04:02', a cron
	 * expression, or a macro
	 * @param cron another name of schedule
	 * @param every time from one fire to the next, in whole seconds, in place of a
	 * schedule
	 * @param zone time zone whose clocks the schedule follows, unless it names one itself
	 * @param job name of its jobs; by default the id
	 * @param payload payload of its jobs, as JSON
	 * @param queue queue of its jobs; by default that of the handler
	 * @param priority priority of its jobs; by default that of the handler
	 * @param description what it is for
	 * @param misfire what to do about fires that were noticed too late
	 * @param overlap what to do while the previous job is not over
	 * @param jitter within how long after its fire a job is due
	 * @param catchUp how old a fire may be that is made up for
	 */
	public record RecurringJob(@DefaultValue("true") boolean enabled, @Nullable String schedule, @Nullable String cron,
			@Nullable String every, @DefaultValue("UTC") String zone, @Nullable String job,
			@DefaultValue("{}") String payload, @Nullable String queue, @Nullable Integer priority,
			@Nullable String description, @DefaultValue("once") Misfire misfire, @DefaultValue("allow") Overlap overlap,
			@DefaultValue("0s") Duration jitter, @Nullable Duration catchUp) {
	}

	/**
	 * How many of the attempts of a node may be retries, counted for each queue.
	 *
	 * @param share how many retries there may be for each first attempt; without it, as
	 * many as there are
	 * @param window the time over which both are counted
	 * @param min how many retries there may be in that time however few first attempts
	 * there are
	 */
	public record RetryBudget(@Nullable Double share, @DefaultValue("60s") Duration window,
			@DefaultValue("10") int min) {
	}

	/**
	 * What jobs take along from the thread that enqueues them.
	 *
	 * @param mdcKeys keys of the logger's MDC that jobs take along
	 * @param locale whether jobs take along the locale and the time zone of
	 * LocaleContextHolder, such as those of a web request
	 * @param trace whether jobs continue the trace that they were enqueued in, where
	 * Micrometer Tracing is present
	 */
	public record Context(@DefaultValue List<String> mdcKeys, @DefaultValue("false") boolean locale,
			@DefaultValue("true") boolean trace) {

		public Context {
			mdcKeys = List.copyOf(mdcKeys);
		}

	}

	/**
	 * What is logged of jobs.
	 *
	 * @param mdc whether job, queue, attempt and worker are in the logger's MDC in what
	 * is logged of a job, and in what its handler logs
	 * @param payloads whether payloads, masked, are logged with what begins or fails
	 */
	public record Log(@DefaultValue("true") boolean mdc, @DefaultValue("false") boolean payloads) {
	}

	/**
	 * Settings of the history of finished jobs.
	 *
	 * @param enabled whether finished jobs are recorded
	 * @param retention how long they are kept
	 */
	public record History(@DefaultValue("true") boolean enabled, @DefaultValue("7d") Duration retention) {
	}

	/**
	 * Settings of dead letters.
	 *
	 * @param retention how long dead letters are kept once they are resolved; open ones
	 * are kept for ever
	 */
	public record DeadLetters(@DefaultValue("90d") Duration retention) {
	}

	/**
	 * Settings of the meters.
	 *
	 * @param resources whether CPU time and allocated bytes of attempts are measured
	 * @param alwaysObserve whether attempts are observed also where nothing but meters
	 * comes of it, which then are recorded for less
	 * @param buckets buckets of the timers of attempts and waits, to tell percentiles
	 * over all nodes from
	 * @param vacuumWarning age from which on a snapshot of others is warned of that holds
	 * back vacuum
	 * @param refresh for how long gauges show what they have read from the database
	 * before a scrape makes them read again
	 */
	public record Metrics(@DefaultValue("true") boolean resources, @DefaultValue("false") boolean alwaysObserve,
			@DefaultValue List<Duration> buckets, @DefaultValue("5m") Duration vacuumWarning,
			@DefaultValue("10s") Duration refresh) {

		public Metrics {
			buckets = List.copyOf(buckets);
		}

	}

	/**
	 * Settings of the tables.
	 *
	 * @param initialize whether the tables are created and migrated at start, or only
	 * checked
	 * @param tablePrefix what the names of the tables start with
	 */
	public record Schema(@DefaultValue("always") Initialize initialize,
			@DefaultValue("background_job_") String tablePrefix) {
	}

	/**
	 * What to do about the tables at start.
	 */
	public enum Initialize {

		/** Create and migrate them. */
		ALWAYS,

		/** Only check that they are there. */
		NEVER

	}

	/**
	 * Settings of the health of a node that runs jobs.
	 *
	 * @param maxAge for how long the oldest ready job of a queue may have been due;
	 * without it, for as long as it likes. Of the queues that this node serves, while
	 * they are not paused
	 * @param maxDepth how many ready jobs a queue may hold; without it, as many as there
	 * are
	 * @param backlogStatus the status above these bounds
	 * @param queues bounds of single queues, by name; they go before those of all
	 */
	public record Health(@Nullable Duration maxAge, @Nullable Long maxDepth,
			@DefaultValue("backlog") BacklogStatus backlogStatus, @DefaultValue Map<String, QueueHealth> queues) {

		public Health {
			queues = Collections.unmodifiableMap(new LinkedHashMap<>(queues));
		}

	}

	/**
	 * Bounds of one queue.
	 *
	 * @param maxAge for how long its oldest ready job may have been due
	 * @param maxDepth how many ready jobs it may hold
	 */
	public record QueueHealth(@Nullable Duration maxAge, @Nullable Long maxDepth) {
	}

	/**
	 * The status of a node whose queues are above their bounds.
	 */
	public enum BacklogStatus {

		/** One of our own, which leaves the status of the application as it is. */
		BACKLOG,

		/** Takes the application out of service, where that is asked for. */
		OUT_OF_SERVICE,

		/** Takes the application down. */
		DOWN

	}

}
