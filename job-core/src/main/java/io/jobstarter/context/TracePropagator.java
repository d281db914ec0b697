package io.jobstarter.context;

import java.util.Map;
import java.util.function.BiConsumer;

import io.jobstarter.JobContextPropagator;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Carries the trace that the enqueue is part of, with its baggage, in the format that the
 * application's tracing uses, which is W3C's {@code traceparent} by default. There is
 * nothing to restore: the observation of the attempt reads these headers, and its span
 * continues the trace.
 */
public final class TracePropagator implements JobContextPropagator {

	private final Tracer tracer;

	private final Propagator propagator;

	/**
	 * Makes a propagator.
	 * @param tracer knows the current trace
	 * @param propagator writes it
	 */
	public TracePropagator(Tracer tracer, Propagator propagator) {
		this.tracer = tracer;
		this.propagator = propagator;
	}

	@Override
	public void capture(BiConsumer<String, @Nullable String> headers) {
		TraceContext current = this.tracer.currentTraceContext().context();
		if (current != null) {
			this.propagator.inject(current, headers, BiConsumer::accept);
		}
	}

	@Override
	public Scope restore(Map<String, String> headers) {
		return Scope.NONE;
	}

}
