package io.jobstarter.observation;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;

/**
 * Writes a span as W3C's {@code traceparent}, and reads it again. Of our own, and not in
 * the format that the application's tracing uses: one column holds it, and what wrote it
 * may have been another release of the application.
 */
final class SpanText {

	private static final int TRACE_DIGITS = 32;

	private static final Pattern FORMAT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-01");

	private SpanText() {
	}

	/**
	 * Writes a span.
	 * @param span the span
	 * @return the text, or nothing of a span that nobody will see
	 */
	static Optional<String> of(TraceContext span) {
		if (Boolean.FALSE.equals(span.sampled()) || span.traceId().isEmpty() || span.spanId().isEmpty()) {
			return Optional.empty();
		}
		// Zipkin's traces may have half of the digits.
		String zeros = "0".repeat(Math.max(0, TRACE_DIGITS - span.traceId().length()));
		return Optional.of("00-" + zeros + span.traceId() + "-" + span.spanId() + "-01");
	}

	/**
	 * Reads a span.
	 * @param text the text: that of a header may be anything
	 * @param tracer makes it
	 * @return the span, or nothing if the text is none
	 */
	static Optional<TraceContext> read(String text, Tracer tracer) {
		Matcher parts = FORMAT.matcher(text);
		return parts.matches() ? Optional
			.of(tracer.traceContextBuilder().traceId(parts.group(1)).spanId(parts.group(2)).sampled(true).build())
				: Optional.empty();
	}

}
