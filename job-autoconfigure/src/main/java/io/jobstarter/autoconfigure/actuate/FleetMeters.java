package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.WorkerInfo;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.store.MetricsStore.FleetReading;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of what all nodes have in common. All of them show the same, so dashboards take
 * their maximum. NaN where the database has not been read for a minute.
 */
final class FleetMeters implements MeterBinder {

	private static final Set<JobState> STATES = Set.of(JobState.READY, JobState.SCHEDULED, JobState.BLOCKED,
			JobState.RUNNING);

	private final Supplier<@Nullable FleetReading> fleet;

	private final Supplier<@Nullable Map<String, Long>> openDeadLetters;

	private final QueueTags queues;

	private final Set<String> names;

	private final Set<String> breakers;

	private final InstantSource clock;

	private @Nullable FleetReading grouped;

	private Map<String, List<QueueInfo>> byTag = Map.of();

	/**
	 * Makes the meters.
	 * @param fleet what all nodes have in common, or {@code null} if it is not known
	 * @param openDeadLetters how many dead letters are open, by job name
	 * @param queues the queues to show, those of a wildcard together
	 * @param handlers whose jobs and circuit breakers are shown
	 * @param clock tells how old jobs are
	 */
	FleetMeters(Supplier<@Nullable FleetReading> fleet, Supplier<@Nullable Map<String, Long>> openDeadLetters,
			QueueTags queues, HandlerRegistry handlers, InstantSource clock) {
		this.fleet = fleet;
		this.openDeadLetters = openDeadLetters;
		this.queues = queues;
		this.names = handlers.names();
		this.breakers = handlers.definitions()
			.stream()
			.map((definition) -> definition.policies().circuitBreaker())
			.filter(Objects::nonNull)
			.collect(Collectors.toSet());
		this.clock = clock;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.queues.declared().forEach((queue) -> bindQueue(registry, queue));
		this.breakers.forEach((breaker) -> bindBreaker(registry, breaker));
		this.names.forEach((name) -> bindLetters(registry, name, (letters) -> letters.getOrDefault(name, 0L)));
		bindLetters(registry, QueueTags.OTHER, this::lettersOfOthers);
		gauge(registry, JobMeter.WORKERS, Tags.empty(), (fleet) -> fleet.workers().size());
	}

	private void bindQueue(MeterRegistry registry, String queue) {
		for (JobState state : STATES) {
			gauge(registry, JobMeter.QUEUE_DEPTH,
					Tags.of("queue", queue, "state", state.name().toLowerCase(Locale.ROOT)),
					(fleet) -> of(fleet, queue).mapToLong((info) -> info.depth().getOrDefault(state, 0L)).sum());
		}
		Tags tags = Tags.of("queue", queue);
		gauge(registry, JobMeter.QUEUE_OLDEST, tags,
				(fleet) -> of(fleet, queue).mapToDouble((info) -> secondsSince(info.oldestReadyAt())).max().orElse(0));
		gauge(registry, JobMeter.QUEUE_OVERTAKEN, tags,
				(fleet) -> of(fleet, queue).mapToDouble((info) -> secondsSince(info.overtakenSince())).max().orElse(0));
		gauge(registry, JobMeter.QUEUE_PAUSED, tags, (fleet) -> of(fleet, queue).anyMatch(QueueInfo::isPaused) ? 1 : 0);
		gauge(registry, JobMeter.QUEUE_WORKERS, tags, (fleet) -> workersOf(fleet, queue));
	}

	private void bindBreaker(MeterRegistry registry, String breaker) {
		Tags tags = Tags.of("breaker", breaker);
		gauge(registry, JobMeter.BREAKER_OPEN, tags,
				(fleet) -> fleet.openBreakers().stream().anyMatch((name) -> isOf(breaker, name)) ? 1 : 0);
		gauge(registry, JobMeter.PARKED, tags,
				(fleet) -> fleet.parked()
					.entrySet()
					.stream()
					.filter((parked) -> isOf(breaker, parked.getKey()))
					.mapToLong(Map.Entry::getValue)
					.sum());
	}

	private static boolean isOf(String instance, String breaker) {
		return breaker.equals(instance) || breaker.startsWith(instance + ":");
	}

	private void bindLetters(MeterRegistry registry, String name, Function<Map<String, Long>, Long> figure) {
		register(registry, JobMeter.DEAD_UNRESOLVED, Tags.of("job.name", name), () -> {
			Map<String, Long> letters = this.openDeadLetters.get();
			return (letters != null) ? figure.apply(letters) : Double.NaN;
		});
	}

	private long lettersOfOthers(Map<String, Long> letters) {
		return letters.entrySet()
			.stream()
			.filter((entry) -> !this.names.contains(entry.getKey()))
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

	// A wildcard is served by whom serves the queues that it stands for, or it by name.
	private static long workersOf(FleetReading fleet, String queue) {
		return fleet.workers().stream().filter(WorkerInfo::takesJobs).filter((worker) -> serves(worker, queue)).count();
	}

	private static boolean serves(WorkerInfo worker, String queue) {
		return worker.serves(queue) || (worker.declaration() != null
				&& worker.declaration().queues().stream().anyMatch((entry) -> entry.pattern().equals(queue)));
	}

	private double secondsSince(@Nullable Instant oldest) {
		return (oldest != null) ? Math.max(0, Duration.between(oldest, this.clock.instant()).toMillis() / 1000.0) : 0;
	}

	private synchronized Stream<QueueInfo> of(FleetReading fleet, String queue) {
		if (this.grouped != fleet) {
			this.byTag = fleet.queues().stream().collect(Collectors.groupingBy((info) -> this.queues.of(info.name())));
			this.grouped = fleet;
		}
		return this.byTag.getOrDefault(queue, List.of()).stream();
	}

	private void gauge(MeterRegistry registry, JobMeter meter, Tags tags, ToDoubleFunction<FleetReading> figure) {
		register(registry, meter, tags, () -> {
			FleetReading fleet = this.fleet.get();
			return (fleet != null) ? figure.applyAsDouble(fleet) : Double.NaN;
		});
	}

	private static void register(MeterRegistry registry, JobMeter meter, Tags tags, Supplier<Number> value) {
		Gauge.builder(meter.getName(), value)
			.tags(tags)
			.description(meter.description())
			.baseUnit(meter.getBaseUnit())
			.register(registry);
	}

}
