package io.jobstarter.boot4app;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;

import org.springframework.stereotype.Component;

/**
 * Keeps the spans of the application.
 */
@Component
class Spans extends SpanHandler {

	private final List<MutableSpan> spans = new CopyOnWriteArrayList<>();

	@Override
	public boolean end(TraceContext context, MutableSpan span, Cause cause) {
		this.spans.add(span);
		return true;
	}

	// By their start: a job may have ended before the call that enqueued it returns.
	List<MutableSpan> ofJob(String id) {
		return this.spans.stream()
			.filter((span) -> id.equals(span.tag("job.id")))
			.sorted(Comparator.comparingLong(MutableSpan::startTimestamp))
			.toList();
	}

}
