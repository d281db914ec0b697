package io.jobstarter;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What a worker is doing, as of its last heartbeat, which carries this.
 *
 * @param slots how many jobs it runs at the same time
 * @param slotsUsed how many of these slots are taken
 * @param stuck how many bodies run on although they were interrupted
 * @param stopping whether it takes no more jobs
 * @param reserved whether it takes no jobs for now, since one has to run alone
 * @param settled what became of its attempts since it started
 * @param window the time, up to a minute or so, within which the queues counted theirs
 * @param queues what it does for each queue of which it has or had something in the
 * window, the busiest first, at most {@value #MAX_QUEUES}
 * @param others the sum of what it does for further queues, if there are any
 * @param elastic how many jobs it runs at the same time of those entries whose
 * concurrency grows and shrinks, by the patterns of {@link ServedQueue}
 */
public record WorkerReport(int slots, int slotsUsed, int stuck, boolean stopping, boolean reserved,
		SettledCounts settled, Duration window, List<QueueLoad> queues, @Nullable QueueLoad others,
		Map<String, Integer> elastic) {

	/** The most queues that a report names. */
	public static final int MAX_QUEUES = 50;

	public WorkerReport {
		queues = List.copyOf(queues);
		elastic = Map.copyOf(elastic);
	}

	/**
	 * Makes the report of a worker whose entries are of fixed concurrency.
	 */
	public WorkerReport(int slots, int slotsUsed, int stuck, boolean stopping, boolean reserved, SettledCounts settled,
			Duration window, List<QueueLoad> queues, @Nullable QueueLoad others) {
		this(slots, slotsUsed, stuck, stopping, reserved, settled, window, queues, others, Map.of());
	}

	/**
	 * Tells how many jobs of an entry it runs at the same time.
	 * @param entry the entry
	 * @param concurrency how many it is configured to, or an operator has set
	 * @return how many
	 */
	public int slotsOf(ServedQueue entry, int concurrency) {
		return Math.min(concurrency, this.elastic.getOrDefault(entry.pattern(), concurrency));
	}

	/**
	 * Tells what it does for a queue.
	 * @param queue the queue's name
	 * @return what it does, or empty if that is nothing, or among the others
	 */
	public Optional<QueueLoad> of(String queue) {
		return this.queues.stream().filter((load) -> load.queue().equals(queue)).findFirst();
	}

}
