package io.jobstarter.autoconfigure;

import java.nio.charset.StandardCharsets;

import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.operations.PayloadCheck;
import io.jobstarter.support.CleanText;

/**
 * What a person may put in place of a dead letter's payload: what an enqueue could have
 * written, as far as this node can tell.
 */
final class CorrectedPayloads implements PayloadCheck {

	private final HandlerRegistry handlers;

	private final JobPayloadSerializer serializer;

	private final long maxBytes;

	CorrectedPayloads(HandlerRegistry handlers, JobPayloadSerializer serializer, long maxBytes) {
		this.handlers = handlers;
		this.serializer = serializer;
		this.maxBytes = maxBytes;
	}

	@Override
	public void check(String name, String payload) {
		long bytes = payload.getBytes(StandardCharsets.UTF_8).length;
		if (bytes > this.maxBytes) {
			throw new InvalidPayloadException("The corrected payload of this " + name + " has " + bytes
					+ " bytes, more than background-jobs.defaults.max-payload allows (" + this.maxBytes + ")");
		}
		if (!CleanText.isClean(payload)) {
			throw new InvalidPayloadException("A payload holds no NUL character and no lone surrogate");
		}
		this.handlers.byName(name).map(JobDefinition::payloadType).ifPresent((type) -> {
			this.serializer.deserialize(payload, type);
		});
	}

}
