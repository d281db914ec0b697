package io.jobstarter.why;

import java.util.List;
import java.util.Objects;

import io.jobstarter.QueueLoad;
import io.jobstarter.ServedQueue;
import io.jobstarter.WorkerDeclaration;
import io.jobstarter.WorkerInfo;
import io.jobstarter.WorkerReport;
import org.jspecify.annotations.Nullable;

/**
 * The slots that one worker has for a queue, as of its last heartbeat.
 *
 * @param worker the worker, which has reported
 * @param slots how many jobs of the queue it runs at most
 * @param free how many of them could start
 * @param takenBy what takes the others: of the queue's entry, or where slots are shared,
 * of all
 */
record SlotUse(WorkerInfo worker, int slots, int free, List<QueueLoad> takenBy) {

	/**
	 * Looks at a worker that serves a queue.
	 * @param worker the worker
	 * @param queue the queue
	 * @param set how many of its jobs a node runs, as an operator has set it, if so
	 * @return its slots, or {@code null} if it has not reported yet
	 */
	static @Nullable SlotUse of(WorkerInfo worker, String queue, @Nullable Integer set) {
		WorkerReport report = worker.report();
		if (report == null) {
			return null;
		}
		WorkerDeclaration declaration = Objects.requireNonNull(worker.declaration());
		ServedQueue entry = declaration.entryOf(queue).orElseThrow();
		List<QueueLoad> ofEntry = report.queues()
			.stream()
			.filter((load) -> declaration.entryOf(load.queue()).filter(entry::equals).isPresent())
			.toList();
		int limit = report.slotsOf(entry, (set != null && !entry.isWildcard()) ? set : entry.concurrency());
		int freeInEntry = limit - running(ofEntry);
		int freeOfQueue = (set != null && entry.isWildcard()) ? set - running(ofQueue(ofEntry, queue)) : freeInEntry;
		int freeInAll = report.slots() - report.slotsUsed();
		int slots = Math.min(report.slots(), (set != null) ? Math.min(set, limit) : limit);
		int free = Math.max(0, Math.min(freeInAll, Math.min(freeInEntry, freeOfQueue)));
		boolean full = freeInEntry <= 0 || freeOfQueue <= 0;
		return new SlotUse(worker, slots, free, busy(full ? ofEntry : report.queues()));
	}

	private static List<QueueLoad> ofQueue(List<QueueLoad> loads, String queue) {
		return loads.stream().filter((load) -> load.queue().equals(queue)).toList();
	}

	private static List<QueueLoad> busy(List<QueueLoad> loads) {
		return loads.stream().filter((load) -> load.running() > 0).toList();
	}

	private static int running(List<QueueLoad> loads) {
		return loads.stream().mapToInt(QueueLoad::running).sum();
	}

}
