package io.jobstarter.autoconfigure.actuate;

import java.util.List;

import io.jobstarter.autoconfigure.NodeThreads;
import io.jobstarter.support.SupervisedLoop.Condition;
import io.jobstarter.worker.JobWorker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * What the health of a node is made of, as meters: the lease, and how its threads do.
 */
public final class NodeMeters implements MeterBinder {

	// All that a node can have, so that no series appears only when something goes wrong.
	private static final List<String> LOOPS = List.of("heartbeat", "poller", "settler", "watchdog", "circuits",
			"maintenance", "callbacks", "notify", "listen");

	private final JobWorker worker;

	private final NodeThreads threads;

	NodeMeters(JobWorker worker, NodeThreads threads) {
		this.worker = worker;
		this.threads = threads;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder(JobMeter.LEASE_HELD.getName(), () -> this.worker.health().leased() ? 1 : 0)
			.description(JobMeter.LEASE_HELD.description())
			.register(registry);
		for (String loop : LOOPS) {
			Gauge.builder(JobMeter.LOOP_FAILURES.getName(), () -> failures("background-jobs-" + loop))
				.tag("loop", loop)
				.description(JobMeter.LOOP_FAILURES.description())
				.register(registry);
		}
	}

	// A thread that there is not does not fail.
	private int failures(String loop) {
		return this.threads.all()
			.stream()
			.filter((condition) -> condition.name().equals(loop))
			.mapToInt(Condition::failuresInARow)
			.findFirst()
			.orElse(0);
	}

}
