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
import org.springframework.core.Ordered;

/**
 * Observes every attempt. The outermost interceptor, so that what the others do is part
 * of it.
 */
public final class ObservationJobInterceptor implements JobInterceptor, Ordered {

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
		SafeObservation observation = SafeObservation.start(this.registry, () -> observationOf(attempt));
		if (observation == null) {
			next.proceed();
			return;
		}
		try {
			next.proceed();
			observation.tell((observed) -> end(observed, "succeeded", "none"));
		}
		catch (Throwable ex) {
			observation.tell((observed) -> failed(observed, ex));
			throw ex;
		}
		finally {
			observation.stop();
		}
	}

	private Observation observationOf(JobAttempt attempt) {
		return Observation.createNotStarted(JobObservation.EXECUTION.getName(), () -> contextOf(attempt), this.registry)
			.contextualName("job " + attempt.name())
			.lowCardinalityKeyValue(LowCardinality.JOB_NAME.asString(), attempt.name())
			.lowCardinalityKeyValue(LowCardinality.QUEUE.asString(), this.queueTag.apply(attempt.queue()))
			.highCardinalityKeyValue(HighCardinality.JOB_ID.asString(), attempt.id().toString())
			.highCardinalityKeyValue(HighCardinality.ATTEMPT.asString(), Integer.toString(attempt.number()));
	}

	private static void failed(Observation observation, Throwable ex) {
		String outcome = outcome(ex);
		end(observation, outcome, CleanText.printable(ex.getClass().getSimpleName(), MAX_ERROR));
		if ("failed".equals(outcome)) {
			observation.error(ex);
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
