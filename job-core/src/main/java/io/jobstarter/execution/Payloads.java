package io.jobstarter.execution;

import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Reads payloads.
 */
final class Payloads {

	private Payloads() {
	}

	static @Nullable Object read(JobPayloadSerializer serializer, JobDefinition definition, String text) {
		Class<?> type = definition.payloadType();
		if (type == null) {
			return null;
		}
		Object payload = serializer.deserialize(text, type);
		if (!type.isInstance(payload)) {
			throw new InvalidPayloadException("The serializer returned no " + type.getName());
		}
		return payload;
	}

}
