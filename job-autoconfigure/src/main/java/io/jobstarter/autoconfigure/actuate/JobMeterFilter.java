package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.observation.JobObservation;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;

/**
 * Gives the timers of attempts and of waits the buckets of
 * {@code background-jobs.metrics.buckets}, and what Micrometer makes of observations a
 * description. What {@code management.metrics.distribution} says of a meter goes before.
 */
final class JobMeterFilter implements MeterFilter {

	private static final Set<String> METERS = Set.of(JobObservation.EXECUTION.getName(), JobMeter.WAIT.getName());

	private static final Map<String, String> DESCRIPTIONS = Map.of("background.jobs.execution", "Attempts",
			"background.jobs.execution.active", "Attempts that run", "background.jobs.enqueue", "Enqueues",
			"background.jobs.enqueue.active", "Enqueues that are under way");

	private final DistributionStatisticConfig config;

	private final boolean empty;

	JobMeterFilter(List<Duration> buckets) {
		this.empty = buckets.isEmpty();
		this.config = DistributionStatisticConfig.builder()
			.serviceLevelObjectives(buckets.stream().mapToDouble(Duration::toNanos).toArray())
			.build();
	}

	@Override
	public Meter.Id map(Meter.Id id) {
		String description = DESCRIPTIONS.get(id.getName());
		return (description != null && id.getDescription() == null) ? new Meter.Id(id.getName(),
				Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), description, id.getType()) : id;
	}

	@Override
	public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
		return (!this.empty && id.getType() == Type.TIMER && METERS.contains(id.getName())) ? config.merge(this.config)
				: config;
	}

}
