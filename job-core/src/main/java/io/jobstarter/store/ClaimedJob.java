package io.jobstarter.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.jobstarter.LimitKey;
import org.jspecify.annotations.Nullable;

/**
 * A job that a worker holds.
 *
 * @param id its id
 * @param fence what every write that ends or releases it must match
 * @param lane the lane that it came from
 * @param position its position there
 * @param name its name
 * @param payload its serialized payload
 * @param attempt how many attempts have failed
 * @param crashes how many workers have died while they ran it
 * @param ruleCounts how often each retry rule has decided, as {@link Settlement} wrote
 * it, or {@code null}
 * @param enqueuedAt when it was enqueued
 * @param dueAt when it was due
 * @param claimedAt when it was claimed
 * @param headers its headers
 * @param tags its tags
 * @param keys the keys whose permits this claim holds
 */
public record ClaimedJob(long id, Fence fence, Lane lane, long position, String name, String payload, int attempt,
		int crashes, @Nullable String ruleCounts, Instant enqueuedAt, Instant dueAt, Instant claimedAt,
		Map<String, String> headers, List<String> tags, List<LimitKey> keys) {

	/**
	 * Makes a job without keys.
	 */
	public ClaimedJob(long id, Fence fence, Lane lane, long position, String name, String payload, int attempt,
			int crashes, @Nullable String ruleCounts, Instant enqueuedAt, Instant dueAt, Instant claimedAt,
			Map<String, String> headers, List<String> tags) {
		this(id, fence, lane, position, name, payload, attempt, crashes, ruleCounts, enqueuedAt, dueAt, claimedAt,
				headers, tags, List.of());
	}

	/**
	 * Who holds a job: the worker, and which of its claims. By the worker alone, an old
	 * body could settle a later claim of the same worker.
	 *
	 * @param worker the worker
	 * @param claim the number of the claim
	 */
	public record Fence(long worker, long claim) {
	}

}
