package io.jobstarter.observation;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.execution.AttemptContext;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * The context in which an attempt at an enqueued job is observed: it is received with the
 * job's headers, so that with tracing its span continues the trace that they carry.
 */
public final class AttemptObservationContext extends ReceiverContext<Map<String, String>> {

	private final AttemptContext attempt;

	AttemptObservationContext(AttemptContext attempt) {
		super(Map::get, Kind.CONSUMER);
		this.attempt = attempt;
		setCarrier(attempt.headers());
	}

	/**
	 * Tells the spans that the attempt has to do with: that of the first attempt, and
	 * that of the attempt in which the job died which this one stands in for.
	 * @return the spans, in W3C's form of a {@code traceparent}, as far as they are known
	 */
	List<String> links() {
		return Stream
			.of(this.attempt.earlierTrace(), this.attempt.headers().get(DeadLetterRedrives.ORIGIN_TRACE_HEADER))
			.filter(Objects::nonNull)
			.toList();
	}

	/**
	 * Notes the span of the attempt.
	 * @param trace the span, in W3C's form of a {@code traceparent}
	 */
	void traced(String trace) {
		this.attempt.traced(trace);
	}

}
