package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;
import java.util.Map;

import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A queue as the endpoint shows it.
 *
 * @param name its name
 * @param depth how many jobs it holds, by state
 * @param oldestReadyAt when its oldest ready job was due
 * @param paused whether no node starts its jobs
 * @param pausedAt when it was paused
 * @param pauseReason why, and by whom
 * @param concurrency how many of its jobs a node runs at the same time, where an operator
 * has set it
 */
public record QueueView(String name, Map<JobState, Long> depth, @Nullable Instant oldestReadyAt, boolean paused,
		@Nullable Instant pausedAt, @Nullable String pauseReason,
		@Nullable Integer concurrency) implements OperationResponseBody {

	static QueueView of(QueueInfo queue) {
		return new QueueView(queue.name(), queue.depth(), queue.oldestReadyAt(), queue.isPaused(), queue.pausedAt(),
				queue.pauseReason(), queue.concurrency());
	}

}
