package io.jobstarter.observation;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.core.Ordered;

/**
 * Makes the span of an attempt as Micrometer Tracing makes that of anything that is
 * received, with links to the spans of earlier attempts, and remembers it for later ones.
 */
public final class AttemptTracingHandler implements TracingObservationHandler<AttemptObservationContext>, Ordered {

	private final Receiver receiver;

	/**
	 * Makes a handler.
	 * @param tracer makes spans
	 * @param propagator reads headers
	 */
	public AttemptTracingHandler(Tracer tracer, Propagator propagator) {
		this.receiver = new Receiver(tracer, propagator);
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof AttemptObservationContext;
	}

	@Override
	public void onStart(AttemptObservationContext context) {
		this.receiver.onStart(context);
		Span span = getTracingContext(context).getSpan();
		if (span != null) {
			SpanText.of(span.context()).ifPresent(context::traced);
		}
	}

	@Override
	public void onError(AttemptObservationContext context) {
		this.receiver.onError(context);
	}

	@Override
	public void onStop(AttemptObservationContext context) {
		this.receiver.onStop(context);
	}

	@Override
	public Tracer getTracer() {
		return this.receiver.getTracer();
	}

	/** Of the handlers that could make the span only the first does. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	/**
	 * What it is built on; no bean, lest an application that asks for one of its type
	 * finds two.
	 */
	private static final class Receiver
			extends PropagatingReceiverTracingObservationHandler<AttemptObservationContext> {

		Receiver(Tracer tracer, Propagator propagator) {
			super(tracer, propagator);
		}

		@Override
		public Span.Builder customizeExtractedSpan(AttemptObservationContext context, Span.Builder builder) {
			context.links()
				.forEach((text) -> SpanText.read(text, getTracer())
					.ifPresent((span) -> builder.addLink(new Link(span))));
			return builder;
		}

	}

}
