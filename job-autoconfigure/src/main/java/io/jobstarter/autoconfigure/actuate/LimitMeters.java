package io.jobstarter.autoconfigure.actuate;

import java.util.Set;
import java.util.function.ToDoubleFunction;

import io.jobstarter.client.QueueBounds;
import io.jobstarter.worker.QueueRates;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * What the rates and the bounds of queues have kept back, by the entries that have one.
 */
final class LimitMeters implements MeterBinder {

	private final @Nullable QueueRates rates;

	private final QueueBounds bounds;

	private final Set<String> bounded;

	/**
	 * Makes the meters.
	 * @param rates the rates, if this node runs jobs
	 * @param bounds the bounds
	 * @param bounded the entries that have bounds
	 */
	LimitMeters(@Nullable QueueRates rates, QueueBounds bounds, Set<String> bounded) {
		this.rates = rates;
		this.bounds = bounds;
		this.bounded = bounded;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.rates != null) {
			this.rates.rates()
				.keySet()
				.forEach((entry) -> count(registry, JobMeter.RATE_LIMITED, entry, this.rates,
						(rates) -> rates.limited(entry)));
		}
		this.bounded.forEach(
				(entry) -> count(registry, JobMeter.REFUSED, entry, this.bounds, (bounds) -> bounds.refused(entry)));
	}

	private static <T> void count(MeterRegistry registry, JobMeter meter, String entry, T source,
			ToDoubleFunction<T> value) {
		FunctionCounter.builder(meter.getName(), source, value)
			.tag(JobMeter.Tag.QUEUE.asString(), entry)
			.description(meter.description())
			.register(registry);
	}

}
