package io.jobstarter;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A queue, and what live workers do for it. What they do is as of their last heartbeats;
 * workers of an earlier release tell nothing, and count for nothing.
 *
 * @param queue the queue
 * @param workers how many live workers serve it and take jobs
 * @param slots how many of its jobs these run at the same time at most; a wildcard's
 * slots count for each of its queues, as do slots that queues share
 * @param running how many of its jobs take a slot
 * @param ahead how many of its jobs are claimed and wait for a slot
 * @param longestFor how long the job has run that has run for the longest time, or
 * {@code null} if none runs
 * @param settled what became of its attempts in the last minute or so
 * @param perSecond how many of its jobs are over in a second, by these
 * @param timeToEmpty how long its ready jobs would take at that rate if no others came:
 * retries, scheduled and blocked jobs are not among them; {@code null} if none has ended
 * lately, unless it is empty
 */
public record QueueStatus(QueueInfo queue, int workers, int slots, int running, int ahead,
		@Nullable Duration longestFor, SettledCounts settled, double perSecond, @Nullable Duration timeToEmpty) {

	private static final Duration LONGEST = Duration.ofDays(36_500);

	/**
	 * Adds up what workers say.
	 * @param queue the queue
	 * @param workers all workers
	 * @return its status
	 */
	public static QueueStatus of(QueueInfo queue, List<WorkerInfo> workers) {
		List<WorkerInfo> serving = workers.stream()
			.filter((worker) -> worker.takesJobs() && worker.serves(queue.name()))
			.toList();
		List<QueueLoad> loads = reports(workers).flatMap((report) -> report.of(queue.name()).stream()).toList();
		double perSecond = reports(workers).mapToDouble((report) -> perSecond(report, queue.name())).sum();
		return new QueueStatus(queue, serving.size(), serving.stream().mapToInt((worker) -> slots(worker, queue)).sum(),
				loads.stream().mapToInt(QueueLoad::running).sum(), loads.stream().mapToInt(QueueLoad::ahead).sum(),
				loads.stream()
					.filter((load) -> !load.longest().isEmpty())
					.map(QueueLoad::longestFor)
					.max(Duration::compareTo)
					.orElse(null),
				loads.stream().map(QueueLoad::settled).reduce(SettledCounts.NONE, SettledCounts::plus), perSecond,
				timeToEmpty(queue.depth().getOrDefault(JobState.READY, 0L), perSecond));
	}

	private static Stream<WorkerReport> reports(List<WorkerInfo> workers) {
		return workers.stream().filter(WorkerInfo::alive).map(WorkerInfo::report).filter(Objects::nonNull);
	}

	private static double perSecond(WorkerReport report, String queue) {
		double seconds = report.window().toMillis() / 1_000.0;
		return (seconds > 0) ? report.of(queue).map((load) -> load.settled().over() / seconds).orElse(0.0) : 0;
	}

	// What an operator has set for the very queue goes before the configuration; for one
	// of
	// a wildcard it is a limit within the entry's.
	private static int slots(WorkerInfo worker, QueueInfo queue) {
		ServedQueue entry = Objects.requireNonNull(worker.declaration()).entryOf(queue.name()).orElseThrow();
		int inAll = (worker.report() != null) ? worker.report().slots() : worker.declaration().slots();
		Integer set = queue.concurrency();
		int own = (set == null) ? entry.concurrency() : entry.isWildcard() ? Math.min(set, entry.concurrency()) : set;
		return Math.min(inAll, (worker.report() != null) ? worker.report().slotsOf(entry, own) : own);
	}

	private static @Nullable Duration timeToEmpty(long ready, double perSecond) {
		if (ready == 0) {
			return Duration.ZERO;
		}
		if (perSecond == 0) {
			return null;
		}
		double seconds = Math.min(ready / perSecond, LONGEST.toSeconds());
		return Duration.ofMillis((long) (seconds * 1_000));
	}

}
