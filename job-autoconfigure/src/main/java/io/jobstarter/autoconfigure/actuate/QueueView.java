package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.QueueInfo.FleetUse;
import io.jobstarter.QueuePriority;
import io.jobstarter.QueueStatus;
import io.jobstarter.SettledCounts;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A queue as the endpoint shows it.
 *
 * @param name its name
 * @param depth how many jobs it holds, by state
 * @param estimated the states whose depth is an estimate
 * @param oldestReadyAt when its oldest ready job was due
 * @param priorities where its jobs are of several priorities, when the oldest ready one
 * of each was due, the highest first
 * @param overtakenSince since when a job has been ready which jobs of higher priority
 * overtake
 * @param paused whether no node starts its jobs
 * @param pausedAt when it was paused
 * @param pausedBy by whom
 * @param pauseReason why
 * @param concurrency how many of its jobs a node runs at the same time, where an operator
 * has set it
 * @param fleet how many of its jobs all nodes together run at the same time, and how many
 * slots are taken; absent if that is not bounded
 * @param work what live workers do for it
 */
public record QueueView(String name, Map<JobState, Long> depth, Set<JobState> estimated,
		@Nullable Instant oldestReadyAt, List<QueuePriority> priorities, @Nullable Instant overtakenSince,
		boolean paused, @Nullable Instant pausedAt, @Nullable String pausedBy, @Nullable String pauseReason,
		@Nullable Integer concurrency, @Nullable FleetUse fleet, Work work) implements OperationResponseBody {

	static QueueView of(QueueStatus status) {
		QueueInfo queue = status.queue();
		return new QueueView(queue.name(), queue.depth(), queue.estimated(), queue.oldestReadyAt(), queue.priorities(),
				queue.overtakenSince(), queue.isPaused(), queue.pausedAt(), queue.pausedBy(), queue.pauseReason(),
				queue.concurrency(), queue.fleet(), Work.of(status));
	}

	/**
	 * What live workers do for a queue, as of their last heartbeats.
	 *
	 * @param workers how many serve it and take jobs
	 * @param slots how many of its jobs these run at the same time at most
	 * @param running how many of its jobs take a slot
	 * @param ahead how many of its jobs are claimed and wait for a slot
	 * @param longestFor how long the job has run that has run for the longest time
	 * @param settled what became of its attempts in the last minute or so
	 * @param perSecond how many of its jobs are over in a second, by these
	 * @param timeToEmpty how long its ready jobs would take at that rate
	 */
	public record Work(int workers, int slots, int running, int ahead, @Nullable Duration longestFor,
			SettledCounts settled, double perSecond, @Nullable Duration timeToEmpty) {

		static Work of(QueueStatus status) {
			return new Work(status.workers(), status.slots(), status.running(), status.ahead(), status.longestFor(),
					status.settled(), status.perSecond(), status.timeToEmpty());
		}

	}

}
