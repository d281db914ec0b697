package io.jobstarter.autoconfigure.actuate;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.jobstarter.DeadReason;
import io.jobstarter.JobEvent;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.support.JobEventListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of background jobs: counters that follow events, and gauges of the queues. The
 * timer of attempts comes from their observation.
 */
public class JobMeters implements MeterBinder, JobEventListener {

	private static final String PREFIX = "background.jobs.";

	private static final String OTHER = QueueTags.OTHER;

	private static final Set<JobState> WAITING_STATES = Set.of(JobState.READY, JobState.SCHEDULED, JobState.BLOCKED,
			JobState.RUNNING);

	private final MeterRegistry registry;

	private final Set<String> names;

	private final QueueTags queues;

	private final QueueDepths depths;

	private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

	private final Map<Key, Timer> waits = new ConcurrentHashMap<>();

	/**
	 * Makes the meters.
	 * @param registry where they go
	 * @param names the job names to show; others, which rows may hold, are shown as
	 * {@value QueueTags#OTHER}
	 * @param queues the queues to show, those of a wildcard together under its own name;
	 * others, which an enqueue may name, are shown as {@value QueueTags#OTHER}
	 * @param depths how deep they are
	 */
	public JobMeters(MeterRegistry registry, Set<String> names, Set<String> queues, QueueDepths depths) {
		this.registry = registry;
		this.names = Set.copyOf(names);
		this.queues = new QueueTags(queues);
		this.depths = depths;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String queue : this.queues.declared()) {
			for (JobState state : WAITING_STATES) {
				Gauge.builder(PREFIX + "queue.depth", () -> this.depths.depth(queue, state))
					.tag("queue", queue)
					.tag("state", state.name().toLowerCase(Locale.ROOT))
					.description("Jobs in a queue")
					.baseUnit("jobs")
					.register(registry);
			}
			Gauge.builder(PREFIX + "queue.oldest", () -> this.depths.oldestSeconds(queue))
				.tag("queue", queue)
				.description("For how long the oldest ready job of a queue has been due")
				.baseUnit("seconds")
				.register(registry);
		}
	}

	@Override
	public void hear(JobEvent event) {
		if (event instanceof JobEvent.Enqueued) {
			counter("enqueued", "Jobs enqueued by this node", event).increment();
		}
		else if (event instanceof JobEvent.EnqueueFailed) {
			counter("enqueue.failed", "Jobs lost after the commit of another database", event).increment();
		}
		else if (event instanceof JobEvent.Started started) {
			this.waits.computeIfAbsent(keyOf("wait", event, Tags.empty()), this::newTimer).record(started.waited());
		}
		else if (event instanceof JobEvent.Settled settled) {
			count(settled);
		}
		else if (event instanceof JobEvent.LeaseLost) {
			counter("lease.lost", "Attempts whose job was no longer held when they ended", event).increment();
		}
		else if (event instanceof JobEvent.Recovered recovered) {
			counter("recovered", "Jobs freed from workers that died", event).increment();
			if (recovered.dead()) {
				dead(DeadReason.CRASH, event);
			}
		}
	}

	private void dead(DeadReason reason, JobEvent event) {
		Tags tags = Tags.of("reason", reason.name().toLowerCase(Locale.ROOT));
		counter("dead", "Jobs that became dead letters", event, tags).increment();
	}

	private void count(JobEvent.Settled settled) {
		JobOutcome outcome = settled.outcome();
		if (outcome instanceof JobOutcome.Retried) {
			counter("retries", "Failed attempts that are tried again", settled).increment();
		}
		else if (outcome instanceof JobOutcome.Dead dead) {
			dead(dead.reason(), settled);
		}
		else if (outcome instanceof JobOutcome.Succeeded && settled.number() > 1) {
			counter("retries.succeeded", "Jobs that succeeded after failed attempts", settled).increment();
		}
		else if (outcome instanceof JobOutcome.Snoozed) {
			counter("snoozed", "Attempts that were put off and used up none", settled).increment();
		}
	}

	// Remembered: the registry compares tags and merges filters at each look-up.
	private Counter counter(String name, String description, JobEvent event) {
		return counter(name, description, event, Tags.empty());
	}

	private Counter counter(String name, String description, JobEvent event, Tags more) {
		return this.counters.computeIfAbsent(keyOf(name, event, more),
				(key) -> Counter.builder(PREFIX + key.name())
					.description(description)
					.tags(key.tags())
					.register(this.registry));
	}

	private Timer newTimer(Key key) {
		return Timer.builder(PREFIX + key.name())
			.description("Time from due to start")
			.tags(key.tags())
			.register(this.registry);
	}

	// Names and queues come from rows and callers: only those that the application
	// declares become tags, so that no loop over tenants or ids makes a meter for each.
	private Key keyOf(String name, JobEvent event, Tags more) {
		return new Key(name, this.names.contains(event.name()) ? event.name() : OTHER, this.queues.of(event.queue()),
				more);
	}

	/**
	 * What tells one meter from another.
	 *
	 * @param name its name
	 * @param jobName the job's name
	 * @param queue the queue
	 * @param more its other tags
	 */
	private record Key(String name, String jobName, String queue, Tags more) {

		Tags tags() {
			return Tags.of("job.name", this.jobName, "queue", this.queue).and(this.more);
		}

	}

	/**
	 * The depths of the queues, as far as a scrape needs them.
	 */
	public interface QueueDepths {

		/**
		 * Tells how many jobs of a queue are in a state.
		 * @param queue the queue
		 * @param state the state
		 * @return the number, or NaN if it cannot be told
		 */
		double depth(String queue, JobState state);

		/**
		 * Tells for how long the oldest ready job of a queue has been due.
		 * @param queue the queue
		 * @return the time in seconds, 0 if none is ready, NaN if it cannot be told
		 */
		double oldestSeconds(String queue);

	}

}
