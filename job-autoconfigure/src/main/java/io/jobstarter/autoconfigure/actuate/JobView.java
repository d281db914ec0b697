package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.autoconfigure.actuate.PayloadMask.Shown;
import org.jspecify.annotations.Nullable;

/**
 * A job as the endpoint shows it.
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
 * @param startedAt when its last attempt started
 * @param finishedAt when it was over
 * @param worker the worker that holds or settled it; text, since it has more digits than
 * a number in JavaScript
 * @param tags its tags
 * @param headers its headers, masked unless they may be shown
 * @param payload its payload, masked unless it may be shown
 * @param reason why it is blocked, was put off, or is discarded or dead
 */
public record JobView(long id, String name, String queue, int priority, JobState state, int attempts, int crashes,
		Instant enqueuedAt, Instant dueAt, @Nullable Instant startedAt, @Nullable Instant finishedAt,
		@Nullable String worker, List<String> tags, Map<String, String> headers, @Nullable String payload,
		@Nullable String reason) {

	static JobView of(JobInfo job, Shown shown) {
		return new JobView(job.id().value(), job.name(), job.queue(), job.priority(), job.state(), job.attempts(),
				job.crashes(), job.enqueuedAt(), job.dueAt(), job.startedAt(), job.finishedAt(),
				FailureView.text(job.worker()), job.tags(), shown.headers(job.headers()),
				shown.payload(job.name(), job.payload()), job.reason());
	}

}
