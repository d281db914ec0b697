package io.jobstarter.observation;

import java.util.function.UnaryOperator;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobId;
import io.jobstarter.JobInterceptor;
import io.jobstarter.JobSnooze;
import io.jobstarter.execution.AttemptContext;
import io.jobstarter.observation.JobObservation.HighCardinality;
import io.jobstarter.observation.JobObservation.LowCardinality;
import io.jobstarter.support.CleanText;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
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

	private static final int MAX_ERROR = 200;

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
		Observation observation = start(attempt);
		if (observation.isNoop()) {
			next.proceed();
			return;
		}
		Observation.Scope scope = open(observation);
		try {
			next.proceed();
			end(observation, "succeeded", "none");
		}
		catch (Throwable ex) {
			end(observation, outcome(ex), CleanText.printable(ex.getClass().getSimpleName(), MAX_ERROR));
			tell(observation, ex);
			throw ex;
		}
		finally {
			stop(observation, scope);
		}
	}

	private Observation start(JobAttempt attempt) {
		if (this.registry.isNoop()) {
			return Observation.NOOP;
		}
		try {
			return Observation
				.createNotStarted(JobObservation.EXECUTION.getName(), () -> contextOf(attempt), this.registry)
				.contextualName("job " + attempt.name())
				.lowCardinalityKeyValue(LowCardinality.JOB_NAME.asString(), attempt.name())
				.lowCardinalityKeyValue(LowCardinality.QUEUE.asString(), this.queueTag.apply(attempt.queue()))
				.highCardinalityKeyValue(HighCardinality.JOB_ID.asString(), attempt.id().toString())
				.highCardinalityKeyValue(HighCardinality.ATTEMPT.asString(), Integer.toString(attempt.number()))
				.start();
		}
		catch (RuntimeException | StackOverflowError ex) {
			logger.warn("An attempt could not be observed: " + CleanText.oneLine(ex, MAX_SHOWN));
			return Observation.NOOP;
		}
	}

	private static Observation.Scope open(Observation observation) {
		try {
			return observation.openScope();
		}
		catch (RuntimeException | StackOverflowError ex) {
			logger.warn("An attempt could not be observed: " + CleanText.oneLine(ex, MAX_SHOWN));
			return Observation.Scope.NOOP;
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

	// What runs here and now is a part of what its caller does.
	private static Observation.Context contextOf(JobAttempt attempt) {
		return (attempt instanceof AttemptContext enqueued && !attempt.id().equals(JobId.NONE))
				? new AttemptObservationContext(enqueued) : new Observation.Context();
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
