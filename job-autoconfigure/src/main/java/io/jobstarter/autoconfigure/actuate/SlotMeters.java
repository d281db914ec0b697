package io.jobstarter.autoconfigure.actuate;

import java.util.function.Supplier;

import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.WorkerHealth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Gauges of the slots of this node, and of the bodies that do not give theirs back.
 */
final class SlotMeters implements MeterBinder {

	private final JobWorker worker;

	SlotMeters(JobWorker worker) {
		this.worker = worker;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		register(registry, JobMeter.SLOTS, () -> this.worker.health().slots());
		register(registry, JobMeter.SLOTS_USED, () -> used(this.worker.health()));
		register(registry, JobMeter.STUCK, () -> this.worker.health().stuck());
	}

	private static int used(WorkerHealth health) {
		return health.usedSlots().values().stream().mapToInt(Integer::intValue).sum();
	}

	private static void register(MeterRegistry registry, JobMeter meter, Supplier<Number> value) {
		Gauge.builder(meter.getName(), value).description(meter.description()).register(registry);
	}

}
