package io.jobstarter.schedule;

import java.util.Optional;

import io.jobstarter.InvalidJobException;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.UniqueConflict;
import io.jobstarter.Uniqueness;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobRules;
import io.jobstarter.store.FireRules;
import io.jobstarter.store.NewJob;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The rules of the handlers of this node. Payloads of recurring jobs are read only where
 * there are any.
 */
final class HandlerRules implements FireRules {

	private static final Log logger = LogFactory.getLog(HandlerRules.class);

	private final HandlerRegistry handlers;

	private final JobPayloadSerializer serializer;

	HandlerRules(HandlerRegistry handlers, JobPayloadSerializer serializer) {
		this.handlers = handlers;
		this.serializer = serializer;
	}

	@Override
	public NewJob apply(NewJob job) {
		Optional<JobDefinition> handler = this.handlers.byName(job.name())
			.filter((definition) -> !definition.rules().equals(JobRules.NONE));
		try {
			return handler.map((definition) -> apply(definition, job)).orElse(job);
		}
		catch (InvalidPayloadException | InvalidJobException ex) {
			// The job will say so itself. A recurring job that never fires again says
			// nothing.
			logger.warn("The rules of " + job.name() + " cannot be applied to the payload of a recurring job", ex);
			return job;
		}
	}

	private NewJob apply(JobDefinition definition, NewJob job) {
		Class<?> type = definition.payloadType();
		Object payload = (type != null) ? this.serializer.deserialize(job.payload(), type) : null;
		NewJob limited = job.withKeys(definition.keysFor(payload));
		Uniqueness uniqueness = definition.uniquenessFor(payload);
		return (uniqueness != null) ? limited.unique(notFailing(uniqueness), true) : limited;
	}

	private static Uniqueness notFailing(Uniqueness uniqueness) {
		return (uniqueness.onConflict() == UniqueConflict.FAIL) ? uniqueness.onConflict(UniqueConflict.KEEP_EXISTING)
				: uniqueness;
	}

}
