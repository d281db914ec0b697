package io.jobstarter.autoconfigure.actuate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.jobstarter.DeadReason;
import io.jobstarter.JobEvent;
import io.jobstarter.JobOutcome;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.observation.JobObservation;
import io.jobstarter.support.JobEventListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of background jobs that follow events. The timer of attempts comes from their
 * observation. What handlers declare is there from the start, at zero, so that the first
 * event of a kind is an increase.
 */
public class JobMeters implements MeterBinder, JobEventListener {

	/**
	 * Of how many handlers the meters are there from the start. Those of others come with
	 * their first event.
	 */
	static final int MOST_REGISTERED = 200;

	private final MeterRegistry registry;

	private final List<JobDefinition> definitions;

	private final Set<String> names;

	private final QueueTags queues;

	private final LongSupplier historyFailures;

	private final Map<String, Map<String, Meters>> meters = new ConcurrentHashMap<>();

	/**
	 * Makes the meters.
	 * @param registry where they go
	 * @param handlers whose job names to show; others, which rows may hold, are shown as
	 * {@value QueueTags#OTHER}
	 * @param queues the queues to show, those of a wildcard together under its own name;
	 * others, which an enqueue may name, are shown as {@value QueueTags#OTHER}
	 * @param historyFailures how many jobs were settled without their history
	 */
	public JobMeters(MeterRegistry registry, HandlerRegistry handlers, QueueTags queues, LongSupplier historyFailures) {
		this.registry = registry;
		this.definitions = List.copyOf(handlers.definitions());
		this.names = Set.copyOf(handlers.names());
		this.queues = queues;
		this.historyFailures = historyFailures;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		FunctionCounter.builder(JobMeter.HISTORY_FAILED.getName(), this.historyFailures, LongSupplier::getAsLong)
			.description(JobMeter.HISTORY_FAILED.description())
			.register(registry);
		this.definitions.stream().limit(MOST_REGISTERED).forEach((definition) -> {
			String queue = this.queues.of(definition.queue().toString());
			of(definition.name(), queue).registerAll();
			registerExecution(definition.name(), queue);
		});
	}

	// As its observation makes it of an attempt that succeeded.
	private void registerExecution(String name, String queue) {
		Timer.builder(JobObservation.EXECUTION.getName())
			.tags("error", "none", "job.name", name, "outcome", "succeeded", "queue", queue)
			.register(this.registry);
	}

	@Override
	public void hear(JobEvent event) {
		if (event instanceof JobEvent.Started started) {
			of(event).waits.record(started.waited());
		}
		else if (event instanceof JobEvent.Settled settled) {
			count(settled);
		}
		else if (event instanceof JobEvent.Enqueued) {
			of(event).count(JobMeter.ENQUEUED);
		}
		else if (event instanceof JobEvent.EnqueueFailed) {
			of(event).count(JobMeter.ENQUEUE_FAILED);
		}
		else if (event instanceof JobEvent.LeaseLost) {
			of(event).count(JobMeter.LEASE_LOST);
		}
		else if (event instanceof JobEvent.Recovered recovered) {
			of(event).count(JobMeter.RECOVERED);
			if (recovered.dead()) {
				of(event).died(DeadReason.CRASH);
			}
		}
	}

	private void count(JobEvent.Settled settled) {
		JobOutcome outcome = settled.outcome();
		if (outcome instanceof JobOutcome.Succeeded) {
			if (settled.number() > 1) {
				of(settled).count(JobMeter.RETRIES_SUCCEEDED);
			}
		}
		else if (outcome instanceof JobOutcome.Retried) {
			of(settled).count(JobMeter.RETRIES);
		}
		else if (outcome instanceof JobOutcome.Dead dead) {
			of(settled).died(dead.reason());
		}
		else if (outcome instanceof JobOutcome.Snoozed) {
			of(settled).count(JobMeter.SNOOZED);
		}
	}

	// Names and queues come from rows and callers: only those that the application
	// declares become tags, so that no loop over tenants or ids makes a meter for each.
	private Meters of(JobEvent event) {
		return of(this.names.contains(event.name()) ? event.name() : QueueTags.OTHER, this.queues.of(event.queue()));
	}

	private Meters of(String name, String queue) {
		Map<String, Meters> byQueue = this.meters.get(name);
		if (byQueue == null) {
			byQueue = this.meters.computeIfAbsent(name, (key) -> new ConcurrentHashMap<>());
		}
		Meters meters = byQueue.get(queue);
		return (meters != null) ? meters
				: byQueue.computeIfAbsent(queue, (key) -> new Meters(this.registry, name, queue));
	}

	/**
	 * The meters of a job in a queue, looked up once: the registry compares tags and
	 * merges filters each time.
	 */
	private static final class Meters {

		private static final List<JobMeter> COUNTERS = List.of(JobMeter.ENQUEUED, JobMeter.ENQUEUE_FAILED,
				JobMeter.RETRIES, JobMeter.RETRIES_SUCCEEDED, JobMeter.SNOOZED, JobMeter.LEASE_LOST,
				JobMeter.RECOVERED);

		private final MeterRegistry registry;

		private final Tags tags;

		private final Timer waits;

		private final Map<Enum<?>, Counter> counters = new ConcurrentHashMap<>();

		Meters(MeterRegistry registry, String name, String queue) {
			this.registry = registry;
			this.tags = Tags.of("job.name", name, "queue", queue);
			this.waits = Timer.builder(JobMeter.WAIT.getName())
				.description(JobMeter.WAIT.description())
				.tags(this.tags)
				.register(registry);
		}

		void registerAll() {
			COUNTERS.forEach(this::counter);
			for (DeadReason reason : DeadReason.values()) {
				counter(reason);
			}
		}

		void count(JobMeter meter) {
			counter(meter).increment();
		}

		void died(DeadReason reason) {
			counter(reason).increment();
		}

		private Counter counter(JobMeter meter) {
			return this.counters.computeIfAbsent(meter, (key) -> register(meter, this.tags));
		}

		private Counter counter(DeadReason reason) {
			return this.counters.computeIfAbsent(reason,
					(key) -> register(JobMeter.DEAD, this.tags.and("reason", reason.name().toLowerCase(Locale.ROOT))));
		}

		private Counter register(JobMeter meter, Tags tags) {
			return Counter.builder(meter.getName()).description(meter.description()).tags(tags).register(this.registry);
		}

	}

}
