package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The jobs that the node has claimed and not started yet, since their turn has not come.
 * Which queue goes next, {@link QueueSelection} says where it matters, and which job of a
 * queue, {@link WaitingLine}.
 */
final class StartQueue {

	private final ServedQueues served;

	private final QueueSelection selection;

	private final Slots slots;

	private final FairUse fairUse;

	private final Reserves reserves;

	/** By entry, and by queue; what is empty is not there. */
	private final Map<String, SortedMap<String, WaitingLine>> waiting = new HashMap<>();

	private long arrivals;

	StartQueue(WorkerSettings settings, Slots slots, FairUse fairUse, Reserves reserves) {
		this.served = settings.served();
		this.selection = new QueueSelection(settings);
		this.slots = slots;
		this.fairUse = fairUse;
		this.reserves = reserves;
	}

	synchronized void add(RunningJob job) {
		this.waiting.computeIfAbsent(entryOf(job), (entry) -> new TreeMap<>())
			.computeIfAbsent(job.queue(), (queue) -> new WaitingLine(queue, this.fairUse, this.reserves))
			.add(new Waiting(job, ++this.arrivals, System.nanoTime()));
		this.slots.waits(job.queue());
		this.fairUse.waits(job.claimed().lane());
		this.reserves.waits(job.claimed().lane());
	}

	/**
	 * Takes the next job for which there is a slot, and the slot with it.
	 * @return the job, or {@code null} if none waits or none may start
	 */
	synchronized @Nullable RunningJob next() {
		String entry = nextEntry();
		if (entry == null) {
			return null;
		}
		SortedMap<String, WaitingLine> queues = Objects.requireNonNull(this.waiting.get(entry));
		String queue = this.selection.queue(startable(entry));
		WaitingLine jobs = Objects.requireNonNull(queues.get(queue));
		// Before it is taken out: what needs memory may fail.
		this.slots.start(queue);
		RunningJob job = jobs.remove(this.reserves.mayOthersStart(entry)).job();
		this.fairUse.started(job.claimed().lane());
		this.reserves.started(job.claimed().lane());
		tidy(entry, queue);
		return job;
	}

	private SortedMap<String, WaitingLine> startable(String entry) {
		SortedMap<String, WaitingLine> queues = Objects.requireNonNull(this.waiting.get(entry));
		boolean others = this.reserves.mayOthersStart(entry);
		if (!this.slots.limitsQueues() && others) {
			return queues;
		}
		SortedMap<String, WaitingLine> startable = new TreeMap<>(queues);
		startable.values().removeIf((jobs) -> !others && !jobs.hasLow());
		startable.keySet().removeIf((queue) -> !this.slots.mayStartOf(queue));
		return startable;
	}

	private @Nullable String nextEntry() {
		if (!this.slots.areShared()) {
			for (String entry : this.waiting.keySet()) {
				if (hasStartable(entry)) {
					return entry;
				}
			}
			return null;
		}
		List<String> candidates = this.waiting.keySet().stream().filter(this::hasStartable).toList();
		return candidates.isEmpty() ? null : this.selection.entry(candidates);
	}

	private boolean hasStartable(String entry) {
		return this.slots.mayStart(entry) && !startable(entry).isEmpty();
	}

	private void tidy(String entry, String queue) {
		SortedMap<String, WaitingLine> queues = Objects.requireNonNull(this.waiting.get(entry));
		if (Objects.requireNonNull(queues.get(queue)).isEmpty()) {
			queues.remove(queue);
		}
		if (queues.isEmpty()) {
			this.waiting.remove(entry);
		}
	}

	private String entryOf(RunningJob job) {
		return this.served.entryOf(job.queue()).orElseThrow();
	}

	/**
	 * Takes out what has waited for too long.
	 * @param longest how long a job may wait
	 * @return the jobs, which have no slots, in the order in which they would have
	 * started within their queues
	 */
	synchronized List<RunningJob> takeOlderThan(Duration longest) {
		long latest = System.nanoTime() - longest.toNanos();
		List<Waiting> taken = all().filter((next) -> next.since() - latest <= 0).sorted(Waiting.ORDER).toList();
		for (Waiting next : taken) {
			String entry = entryOf(next.job());
			String queue = next.job().queue();
			Objects.requireNonNull(Objects.requireNonNull(this.waiting.get(entry)).get(queue)).remove(next);
			tidy(entry, queue);
			this.slots.waitsNoMore(queue);
			this.fairUse.waitsNoMore(next.job().claimed().lane());
			this.reserves.waitsNoMore(next.job().claimed().lane());
		}
		return taken.stream().map(Waiting::job).toList();
	}

	synchronized Map<String, Integer> sizeByQueue() {
		Map<String, Integer> sizes = new HashMap<>();
		all().forEach((next) -> sizes.merge(next.job().queue(), 1, Integer::sum));
		return sizes;
	}

	private Stream<Waiting> all() {
		return this.waiting.values()
			.stream()
			.flatMap((queues) -> queues.values().stream())
			.flatMap(WaitingLine::stream);
	}

}
