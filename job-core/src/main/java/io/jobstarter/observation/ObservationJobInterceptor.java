package io.jobstarter.observation;

import java.util.Map;
import java.util.function.UnaryOperator;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobId;
import io.jobstarter.JobInterceptor;
import io.jobstarter.JobSnooze;
import io.jobstarter.observation.JobObservation.HighCardinality;
import io.jobstarter.observation.JobObservation.LowCardinality;
import io.jobstarter.support.CleanText;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.Ordered;

/**
 * Observes every attempt. The outermost interceptor, so that what the others do is part
 * of it.
 */
public final class ObservationJobInterceptor implements JobInterceptor, Ordered {

	private static final Log logger = LogFactory.getLog(ObservationJobInterceptor.class);

	private static final int MAX_SHOWN = 500;

	private final ObservationRegistry registry;

	private final UnaryOperator<String> queueTag;

	/**
	 * Makes an interceptor.
	 * @param registry where observations go
	 * @param queueTag says under which of few names a queue is shown: queues may be made
	 * of payloads, one for each tenant say
	 */
	public ObservationJobInterceptor(ObservationRegistry registry, UnaryOperator<String> queueTag) {
		this.registry = registry;
		this.queueTag = queueTag;
	}

	@Override
	public void around(JobAttempt attempt, Invocation next) throws Exception {
		if (this.registry.isNoop()) {
			next.proceed();
			return;
		}
		Observation observation = Observation
			.createNotStarted(JobObservation.EXECUTION.getName(), () -> contextOf(attempt), this.registry)
			.contextualName("job " + attempt.name())
			.lowCardinalityKeyValue(LowCardinality.JOB_NAME.asString(), attempt.name())
			.lowCardinalityKeyValue(LowCardinality.QUEUE.asString(), this.queueTag.apply(attempt.queue()))
			.highCardinalityKeyValue(HighCardinality.JOB_ID.asString(), attempt.id().toString())
			.highCardinalityKeyValue(HighCardinality.ATTEMPT.asString(), Integer.toString(attempt.number()))
			.start();
		Observation.Scope scope = observation.openScope();
		try {
			next.proceed();
			end(observation, "succeeded", "none");
		}
		catch (Throwable ex) {
			end(observation, outcome(ex), ex.getClass().getSimpleName());
			tell(observation, ex);
			throw ex;
		}
		finally {
			stop(observation, scope);
		}
	}

	private static void tell(Observation observation, Throwable ex) {
		try {
			if ("failed".equals(outcome(ex))) {
				observation.error(ex);
			}
		}
		catch (RuntimeException | StackOverflowError unreadable) {
			logger.warn("An error could not be observed: " + CleanText.oneLine(unreadable, MAX_SHOWN));
		}
	}

	// Handlers of observations look at the exception, whose methods may throw: what the
	// handler threw must not be lost for that.
	private static void stop(Observation observation, Observation.Scope scope) {
		try {
			scope.close();
			observation.stop();
		}
		catch (RuntimeException | StackOverflowError ex) {
			logger.warn("An observation of a job could not be ended: " + CleanText.oneLine(ex, MAX_SHOWN));
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	// What was enqueued is received with its headers, so that with tracing the span of
	// the
	// attempt continues the trace that they carry. What runs here and now is a part of
	// what its caller does.
	private static Observation.Context contextOf(JobAttempt attempt) {
		if (attempt.id().equals(JobId.NONE)) {
			return new Observation.Context();
		}
		ReceiverContext<Map<String, String>> context = new ReceiverContext<>(Map::get, Kind.CONSUMER);
		context.setCarrier(attempt.headers());
		return context;
	}

	private static void end(Observation observation, String outcome, String error) {
		observation.lowCardinalityKeyValue(LowCardinality.OUTCOME.asString(), outcome)
			.lowCardinalityKeyValue(LowCardinality.ERROR.asString(), error);
	}

	private static String outcome(Throwable ex) {
		if (ex instanceof JobSnooze) {
			return "snoozed";
		}
		return (ex instanceof JobDiscard) ? "discarded" : "failed";
	}

}
