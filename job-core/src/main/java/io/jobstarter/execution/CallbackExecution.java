package io.jobstarter.execution;

import io.jobstarter.DeadLetter;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells handlers of the ends of their jobs. No interceptors run around that.
 */
public final class CallbackExecution {

	private static final Log logger = LogFactory.getLog(CallbackExecution.class);

	private final JobPayloadSerializer serializer;

	CallbackExecution(JobPayloadSerializer serializer) {
		this.serializer = serializer;
	}

	/**
	 * Tells a handler of a dead letter.
	 * @param definition the handler
	 * @param letter the dead letter
	 * @throws Exception what the handler threw, or that the payload cannot be read
	 */
	public void onDead(JobDefinition definition, DeadLetter letter) throws Exception {
		definition.invoker().callbacks().onDead(Payloads.read(this.serializer, definition, letter.payload()), letter);
	}

	/**
	 * Tells a handler of a discard, if it wants to hear of it. What goes wrong is logged.
	 * @param request the attempt
	 * @param outcome how it ended
	 */
	public void ended(AttemptRequest request, JobOutcome outcome) {
		if (!(outcome instanceof JobOutcome.Discarded discarded)) {
			return;
		}
		JobDefinition definition = request.definition();
		try {
			if (definition.invoker().callbacks().hearsOfDiscard()) {
				definition.invoker()
					.callbacks()
					.onDiscard(Payloads.read(this.serializer, definition, request.payload()), request.context(),
							discarded);
			}
		}
		catch (Throwable ex) {
			logger.warn("Job " + request.context().id() + " (" + definition.name()
					+ ") is discarded, though its onDiscard failed", LoggedError.of(ex));
		}
	}

}
