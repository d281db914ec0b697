package io.jobstarter.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.QueueFullException;
import io.jobstarter.store.NewJob;
import org.jspecify.annotations.Nullable;

/**
 * Refuses jobs whose queues are full. Only jobs that are due at once are counted and
 * refused; those for later, retries, and what the engine enqueues itself are not.
 */
public final class QueueBounds {

	/** No queue is ever full. */
	public static final QueueBounds NONE = new QueueBounds((queue) -> null, null);

	private static final String REMEDY = "Try again later, let whoever asked for it wait, raise the workers' "
			+ "concurrency, or raise max-depth";

	private final Function<String, @Nullable QueueBound> bounds;

	private final @Nullable QueueDepths depths;

	private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();

	/**
	 * Makes the bounds.
	 * @param bounds the bound of a queue, or {@code null} if it has none
	 * @param depths how deep the queues are, or {@code null} if none has a bound
	 */
	public QueueBounds(Function<String, @Nullable QueueBound> bounds, @Nullable QueueDepths depths) {
		this.bounds = bounds;
		this.depths = depths;
	}

	/**
	 * Tells how many jobs this node has refused, those that ran in their callers' threads
	 * included.
	 * @param entry the entry whose bound it was
	 * @return the number since its start
	 */
	public long refused(String entry) {
		LongAdder count = this.refused.get(entry);
		return (count != null) ? count.sum() : 0;
	}

	/**
	 * Counts jobs that are about to be enqueued, unless one of their queues is full.
	 * @param jobs the jobs
	 * @throws QueueFullException if one is
	 */
	void admit(List<NewJob> jobs) {
		QueueDepths known = this.depths;
		if (known == null) {
			return;
		}
		Map<String, Long> byQueue = new LinkedHashMap<>();
		jobs.stream().filter(QueueBounds::isDueAtOnce).forEach((job) -> byQueue.merge(job.queue(), 1L, Long::sum));
		byQueue.forEach((queue, count) -> {
			QueueBound bound = this.bounds.apply(queue);
			if (bound != null && known.of(queue) >= bound.maxDepth()) {
				count(bound, count);
				throw new QueueFullException(queue, known.of(queue), bound.maxDepth(), REMEDY);
			}
		});
		byQueue.keySet().removeIf((queue) -> this.bounds.apply(queue) == null);
		byQueue.forEach(known::add);
	}

	/**
	 * Takes back what was counted of jobs that were not added, since others held their
	 * unique keys.
	 * @param jobs jobs that were admitted
	 * @param results what became of each
	 */
	void added(List<NewJob> jobs, List<Enqueued> results) {
		QueueDepths known = this.depths;
		if (known == null) {
			return;
		}
		for (int i = 0; i < jobs.size(); i++) {
			NewJob job = jobs.get(i);
			if (results.get(i).duplicate() && isDueAtOnce(job) && this.bounds.apply(job.queue()) != null) {
				known.add(job.queue(), -1);
			}
		}
	}

	/**
	 * Tells whether a job is to run in the thread that enqueues it. That is in no
	 * transaction. A job whose keys the database keeps is not: nothing else knows of
	 * them.
	 * @param job the job
	 * @return whether it is
	 */
	boolean isToRunInCaller(NewJob job) {
		QueueDepths known = this.depths;
		QueueBound bound = (known != null) ? this.bounds.apply(job.queue()) : null;
		return known != null && bound != null && bound.onFull() == OnFull.RUN_IN_CALLER && isDueAtOnce(job)
				&& job.unique() == null && job.keys().isEmpty() && known.of(job.queue()) >= bound.maxDepth();
	}

	/**
	 * Notes that a job runs in the thread that enqueues it.
	 * @param job the job
	 */
	void ranInCaller(NewJob job) {
		QueueBound bound = this.bounds.apply(job.queue());
		if (bound != null) {
			count(bound, 1);
		}
	}

	private void count(QueueBound bound, long jobs) {
		this.refused.computeIfAbsent(bound.entry(), (name) -> new LongAdder()).add(jobs);
	}

	private static boolean isDueAtOnce(NewJob job) {
		return job.due().equals(DueTime.NOW);
	}

}
