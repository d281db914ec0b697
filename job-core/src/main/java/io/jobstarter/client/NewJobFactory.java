package io.jobstarter.client;

import java.nio.charset.StandardCharsets;

import io.jobstarter.DueTime;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.Uniqueness;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.NewJob;
import io.jobstarter.support.FairShares;
import org.jspecify.annotations.Nullable;

/**
 * Makes the job to insert of a payload and its options. What can be known to be wrong
 * fails here.
 */
public final class NewJobFactory {

	private final JobPayloadSerializer serializer;

	private final long maxPayloadBytes;

	private final ContextPropagation context;

	/**
	 * Makes a factory.
	 * @param serializer writes payloads
	 * @param maxPayloadBytes the largest payload, in bytes of UTF-8
	 * @param context captures the context of those who enqueue
	 */
	public NewJobFactory(JobPayloadSerializer serializer, long maxPayloadBytes, ContextPropagation context) {
		this.serializer = serializer;
		this.maxPayloadBytes = maxPayloadBytes;
		this.context = context;
	}

	/**
	 * Captures the context of the calling thread, once for all jobs of one enqueue.
	 * @param options what the caller chose
	 * @return the same with the headers of the context
	 */
	EnqueueOptions withContext(EnqueueOptions options) {
		return options.withContext(this.context.capture());
	}

	NewJob create(JobDefinition definition, @Nullable Object payload, EnqueueOptions options) {
		DueTime due = options.due();
		String queue = (options.queue() != null) ? options.queue() : definition.queueFor(payload);
		int share = (options.share() != null) ? options.share() : definition.shareFor(payload);
		NewJob job = new NewJob(definition.name(), (share > 0) ? FairShares.requireShareable(queue) : queue,
				(options.priority() != null) ? options.priority() : definition.priority(),
				(due != null) ? due : DueTime.NOW, serialize(definition, payload), options.headers(), options.tags(),
				null)
			.withKeys(definition.keysFor(payload))
			.withShare(share);
		Uniqueness uniqueness = (options.unique() != null) ? options.unique() : definition.uniquenessFor(payload);
		return (uniqueness != null) ? job.unique(uniqueness, due != null) : job;
	}

	private String serialize(JobDefinition definition, @Nullable Object payload) {
		String text = (payload != null) ? this.serializer.serialize(payload) : "{}";
		// A character is at most three bytes: most payloads need no second look.
		if (text.length() * 3L > this.maxPayloadBytes) {
			long bytes = text.getBytes(StandardCharsets.UTF_8).length;
			if (bytes > this.maxPayloadBytes) {
				throw new InvalidPayloadException("The payload of this " + definition.name() + " has " + bytes
						+ " bytes, more than background-jobs.defaults.max-payload allows (" + this.maxPayloadBytes
						+ "): store the data and pass its id");
			}
		}
		return text;
	}

}
