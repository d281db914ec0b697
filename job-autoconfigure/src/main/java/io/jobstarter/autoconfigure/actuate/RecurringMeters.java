package io.jobstarter.autoconfigure.actuate;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.jobstarter.RecurringEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;

/**
 * Counts the fires of recurring jobs that were missed, on the node that noticed it. Those
 * that this application declares have a counter from the beginning, the first others up
 * to a bound one of their own.
 */
public class RecurringMeters implements MeterBinder {

	private static final String OTHER = "other";

	private static final int MOST = 200;

	private final Set<String> declared;

	private final Map<String, Counter> counters = new ConcurrentHashMap<>();

	private volatile @Nullable MeterRegistry registry;

	/**
	 * Makes the meters.
	 * @param declared the ids of the recurring jobs that this application declares
	 */
	public RecurringMeters(Set<String> declared) {
		this.declared = Set.copyOf(declared);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.registry = registry;
		this.declared.forEach((id) -> this.counters.computeIfAbsent(id, (name) -> counter(registry, name)));
	}

	/**
	 * Hears of missed fires.
	 * @param event what was missed
	 */
	@EventListener
	public void hear(RecurringEvent.Missed event) {
		MeterRegistry registry = this.registry;
		if (registry != null) {
			boolean known = this.counters.containsKey(event.id()) || this.counters.size() < MOST;
			this.counters.computeIfAbsent(known ? event.id() : OTHER, (name) -> counter(registry, name))
				.increment(event.count());
		}
	}

	private static Counter counter(MeterRegistry registry, String id) {
		return Counter.builder(JobMeter.RECURRING_MISSED.getName())
			.tag(JobMeter.Tag.RECURRING.asString(), id)
			.description(JobMeter.RECURRING_MISSED.description())
			.register(registry);
	}

}
