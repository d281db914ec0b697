package io.jobstarter;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A job as operators see it.
 *
 * @param id its id
 * @param name its name
 * @param queue its queue
 * @param priority its priority
 * @param state where it stands
 * @param attempts how many attempts have failed
 * @param crashes how many workers died while they ran it
 * @param enqueuedAt when it was enqueued
 * @param dueAt when it is or was due
 * @param startedAt when its present or last attempt started, if known
 * @param finishedAt when it was over, if it is
 * @param worker the id of the worker that holds or settled it, if any
 * @param tags its tags
 * @param headers its headers; empty once it is in the history
 * @param payload its payload; {@code null} once it is in the history
 * @param reason why it is blocked, discarded or dead, if it is, or was put off
 */
public record JobInfo(JobId id, String name, String queue, int priority, JobState state, int attempts, int crashes,
		Instant enqueuedAt, Instant dueAt, @Nullable Instant startedAt, @Nullable Instant finishedAt,
		@Nullable Long worker, List<String> tags, Map<String, String> headers, @Nullable String payload,
		@Nullable String reason) {

	/**
	 * The job that died and was redriven as this one.
	 * @return its id, which is that of a dead letter; {@code null} if this is no redriven
	 * one, or in the history, where the dead letter still tells
	 */
	public @Nullable JobId redriveOf() {
		return JobId.ofOrigin(this.headers);
	}

}
