package io.jobstarter;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A queue as operators see it.
 *
 * @param name its name
 * @param depth how many jobs it holds, by state; states without jobs are absent
 * @param oldestReadyAt when its oldest ready job was due, or {@code null} if none is
 * ready
 * @param pausedAt when it was paused, or {@code null} if it is not
 * @param pauseReason why it was paused, if somebody said
 * @param concurrency how many of its jobs a node runs at the same time, as
 * {@link JobOperations#setConcurrency} has set it, or {@code null} where the
 * configuration of each node says
 * @param pausedBy who paused it, if that is known
 * @param estimated the states whose depth is an estimate, since they hold more jobs than
 * are counted one by one
 */
public record QueueInfo(String name, Map<JobState, Long> depth, @Nullable Instant oldestReadyAt,
		@Nullable Instant pausedAt, @Nullable String pauseReason, @Nullable Integer concurrency,
		@Nullable String pausedBy, Set<JobState> estimated) {

	public QueueInfo {
		depth = Map.copyOf(depth);
		estimated = Set.copyOf(estimated);
	}

	/**
	 * Makes a queue whose jobs were counted.
	 */
	public QueueInfo(String name, Map<JobState, Long> depth, @Nullable Instant oldestReadyAt,
			@Nullable Instant pausedAt, @Nullable String pauseReason, @Nullable Integer concurrency,
			@Nullable String pausedBy) {
		this(name, depth, oldestReadyAt, pausedAt, pauseReason, concurrency, pausedBy, Set.of());
	}

	/**
	 * Whether no node starts its jobs.
	 * @return whether it is paused
	 */
	public boolean isPaused() {
		return this.pausedAt != null;
	}

}
