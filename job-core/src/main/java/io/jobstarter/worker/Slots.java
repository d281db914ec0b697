package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;

/**
 * Counts the jobs that a node holds, which are those that it has claimed and not settled
 * yet, and those of them whose bodies run: by queue, by the entry that serves the queue,
 * and in all. Concurrency bounds the bodies. What is held is bounded by the concurrency
 * and what may be claimed ahead, so that outcomes which cannot be written stop the
 * claims.
 */
final class Slots {

	private final ServedQueues served;

	private final Map<String, QueueSettings> entries;

	private final int cap;

	private final Prefetch prefetch;

	private final FleetLimits fleet;

	private final ElasticLimits elastic;

	private final Map<String, Integer> held = new HashMap<>();

	private final Map<String, Integer> heldByEntry = new HashMap<>();

	/** Claimed and not started yet. */
	private final Map<String, Integer> waitingByEntry = new HashMap<>();

	private final Map<String, Integer> runningByEntry = new HashMap<>();

	private final Map<String, Integer> running = new HashMap<>();

	private Map<String, Integer> limits = Map.of();

	private final boolean strict;

	/** What may be claimed ahead of one entry, so that none takes the room of others. */
	private final int mostAhead;

	private int limit;

	private boolean shared;

	private boolean queuesLimited;

	private int heldInAll;

	private int runningInAll;

	Slots(WorkerSettings settings, Prefetch prefetch, FleetLimits fleet) {
		this.prefetch = prefetch;
		this.fleet = fleet;
		this.served = settings.served();
		this.entries = settings.queues();
		this.cap = (settings.concurrency() != null) ? settings.concurrency() : Integer.MAX_VALUE;
		this.strict = settings.queueOrder() == QueueOrder.STRICT;
		int ceiling = Math.min(settings.ceiling(), this.cap);
		this.elastic = new ElasticLimits(settings.queues(), ceiling, System.nanoTime());
		this.mostAhead = Math.max(1, Prefetch.MOST / Math.max(1, this.entries.size()));
		limit(Map.of());
	}

	/**
	 * Takes what operators have set in place of the configuration. More than is allowed
	 * may be taken for a while: what runs is left alone.
	 * @param limits how many jobs may run at the same time, by queue
	 * @return whether something has changed for this node
	 */
	synchronized boolean limit(Map<String, Integer> limits) {
		Map<String, Integer> mine = limits.entrySet()
			.stream()
			.filter((limit) -> this.served.serves(limit.getKey()))
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (limit) -> Math.max(0, limit.getValue())));
		boolean changed = !mine.equals(this.limits);
		this.limits = mine;
		this.queuesLimited = !this.entries.keySet().containsAll(mine.keySet());
		addUp();
		return changed;
	}

	private void addUp() {
		long sum = sum();
		this.limit = (int) Math.min(this.cap, sum);
		this.shared = this.limit < sum;
	}

	private long sum() {
		return this.entries.keySet().stream().mapToLong(this::limitOf).sum();
	}

	/**
	 * Lets entries grow and shrink.
	 * @param now the time
	 * @return whether one has
	 */
	synchronized boolean adapt(long now) {
		boolean changed = isElastic() && this.elastic.look(this::usedOf, this::mostOf, sum(), now);
		if (changed) {
			addUp();
		}
		return changed;
	}

	/**
	 * Tells whether entries grow and shrink.
	 * @return whether one does
	 */
	boolean isElastic() {
		return !this.elastic.isEmpty();
	}

	private int usedOf(String entry) {
		return this.heldByEntry.getOrDefault(entry, 0) - this.waitingByEntry.getOrDefault(entry, 0);
	}

	/**
	 * Notes that a job starts, for those who grow.
	 * @param queue its queue
	 * @param waited how long it waited
	 */
	synchronized void started(String queue, Duration waited) {
		this.served.entryOf(queue).ifPresent((entry) -> this.elastic.started(entry, waited.toNanos()));
	}

	/**
	 * Hears whether more jobs of a queue may wait than there are slots for.
	 * @param queue the queue
	 * @param more whether they may
	 */
	synchronized void more(String queue, boolean more) {
		this.served.entryOf(queue).ifPresent((entry) -> this.elastic.more(entry, more));
	}

	synchronized Map<String, Integer> elastic() {
		return this.elastic.slots(this::mostOf);
	}

	private int limitOf(String entry) {
		return this.elastic.limit(entry, mostOf(entry));
	}

	// One that an operator has set for the very queue goes before the configuration.
	private int mostOf(String entry) {
		Integer set = this.limits.get(entry);
		return (set != null) ? set : Objects.requireNonNull(this.entries.get(entry)).concurrency();
	}

	synchronized int limit() {
		return this.limit;
	}

	/**
	 * Says how many jobs of a queue may be claimed, as far as this queue, its entry and
	 * the node are concerned. While more than half of what may be claimed ahead is there,
	 * and there is no room for {@value Prefetch#LARGE_CLAIM} others, that is none: few
	 * large claims cost less than many small ones.
	 * @param queue the queue
	 * @return how many, 0 if the queue is not served
	 */
	synchronized int claimable(String queue) {
		return this.served.entryOf(queue)
			.map((entry) -> Math.min(claimableIn(entry), leftOfOwnLimit(queue, entry)))
			.orElse(0);
	}

	/**
	 * Says how many jobs of an entry may run at the same time.
	 * @param entry the entry
	 * @return its slots
	 */
	synchronized int slotsOf(String entry) {
		return Math.min(this.limit, limitOf(entry));
	}

	/**
	 * Says how many jobs of an entry may run at the same time as matters stand, which is
	 * less where the node has fewer slots of those of all nodes.
	 * @param entry the entry
	 * @return its slots
	 */
	synchronized int slotsAtHandOf(String entry) {
		int slots = slotsOf(entry);
		return this.fleet.bounds(entry)
				? Math.min(slots, this.heldByEntry.getOrDefault(entry, 0) + Math.min(slots, this.fleet.left(entry)))
				: slots;
	}

	/**
	 * Tells whether all nodes together run a bounded number of a queue's jobs.
	 * @param queue the queue
	 * @return whether they do
	 */
	boolean isBoundedByFleet(String queue) {
		return !this.fleet.boundsOf(queue).isEmpty();
	}

	/**
	 * Says how many jobs of an entry may be claimed ahead.
	 * @param entry the entry
	 * @return how many
	 */
	synchronized int aheadOf(String entry) {
		return ahead(entry);
	}

	/**
	 * Says how many jobs may be claimed of shares of a queue of which none is at hand,
	 * where what may be claimed ahead is there already, of other shares. Where jobs are
	 * not claimed ahead, that is none: they are claimed when a slot is free.
	 * @param queue the queue
	 * @param shares how many shares have jobs
	 * @return how many
	 */
	synchronized int claimableByNewcomers(String queue, int shares) {
		return this.served.entryOf(queue)
			.map((entry) -> Math.min(claimableByNewcomersIn(entry, shares), leftOfOwnLimit(queue, entry)))
			.orElse(0);
	}

	private int claimableByNewcomersIn(String entry, int shares) {
		int ahead = ahead(entry);
		int slots = Math.min(this.limit, limitOf(entry));
		return (ahead > 0) ? Math.max(0, Math.min(slots + ahead / shares, roomOf(entry) + slots + ahead)) : 0;
	}

	private int claimableIn(String entry) {
		int worthwhile = Math.min((ahead(entry) + 1) / 2, Prefetch.LARGE_CLAIM);
		return (roomOf(entry) < worthwhile) ? 0 : roomIn(entry);
	}

	/**
	 * Says how many jobs there is room for of all queues that an entry stands for, also
	 * where it is not worth a claim yet.
	 * @param entry the entry
	 * @return how many
	 */
	synchronized int roomIn(String entry) {
		return Math.max(0, Math.min(roomOf(entry), claimable()));
	}

	/**
	 * Says how many jobs may be claimed in all.
	 * @return how many, negative if more are held than are allowed by now
	 */
	synchronized int claimable() {
		long room = 0;
		// What waits stays allowed when less is to be claimed ahead by now, or it would
		// take the slots of others.
		long allowed = this.limit;
		for (String entry : this.entries.keySet()) {
			room += Math.max(0, roomOf(entry));
			allowed += Math.max(ahead(entry), this.waitingByEntry.getOrDefault(entry, 0));
		}
		return (int) Math.min(Integer.MAX_VALUE, areShared() ? Math.min(room, allowed - this.heldInAll) : room);
	}

	private int roomOf(String entry) {
		return freeOf(entry) + ahead(entry);
	}

	// In a strict order a slot is for what is there when it becomes free, not for what
	// was
	// claimed before.
	private int ahead(String entry) {
		// Nor is one that others could use.
		if (this.strict && (areShared() || new QueuePattern(entry).isWildcard()) || this.fleet.bounds(entry)) {
			return 0;
		}
		return Math.min(this.prefetch.ahead(entry, Math.min(this.limit, limitOf(entry))), this.mostAhead);
	}

	/**
	 * Tells whether there are fewer slots in all than the entries have together, so that
	 * it matters who takes the next one.
	 * @return whether entries compete
	 */
	synchronized boolean areShared() {
		return this.shared;
	}

	/**
	 * Says how many jobs of a queue could start at once.
	 * @param queue the queue
	 * @return the free slots, 0 if the queue is not served
	 */
	synchronized int free(String queue) {
		return this.served.entryOf(queue)
			.map((entry) -> Math.min(freeIn(entry), leftOfOwnLimit(queue, entry)))
			.orElse(0);
	}

	/**
	 * Says how many jobs could start at once of all queues that an entry stands for.
	 * @param entry the entry
	 * @return the free slots
	 */
	synchronized int freeIn(String entry) {
		// What others have claimed ahead is in the way only of those that share their
		// slots.
		int left = areShared() ? this.limit - this.heldInAll : Integer.MAX_VALUE;
		return Math.max(0, Math.min(freeOf(entry), left));
	}

	/**
	 * Says how many jobs may be claimed of a queue while some of its jobs are there that
	 * came back. Where others have claimed ahead for the slots that it shares with them,
	 * no slot is ever free: then it may hold as many as it has slots, and the weights
	 * decide.
	 * @param queue the queue
	 * @return how many, 0 if the queue is not served
	 */
	synchronized int claimableOfReturned(String queue) {
		if (this.strict || !areShared()) {
			return free(queue);
		}
		return this.served.entryOf(queue)
			.map((entry) -> Math.max(0, Math.min(freeOf(entry), leftOfOwnLimit(queue, entry))))
			.orElse(0);
	}

	private int freeOf(String entry) {
		// Never more than all slots, or what one entry may hold would leave no room for
		// what others may claim ahead.
		return Math.min(this.limit, limitOf(entry)) - this.heldByEntry.getOrDefault(entry, 0);
	}

	// What an operator has set for one queue of a wildcard bounds what is held of it:
	// nothing is claimed ahead.
	private int leftOfOwnLimit(String queue, String entry) {
		Integer own = queue.equals(entry) ? null : this.limits.get(queue);
		int left = (own != null) ? Math.max(0, own - this.held.getOrDefault(queue, 0)) : Integer.MAX_VALUE;
		return Math.min(left, this.fleet.left(queue));
	}

	/**
	 * Says how many jobs could start at once on this node, whatever others run.
	 * @param name an entry, or a queue of a wildcard
	 * @return how many
	 */
	synchronized int roomOnNode(String name) {
		if (this.entries.containsKey(name)) {
			return freeIn(name);
		}
		Integer own = this.limits.get(name);
		int left = (own != null) ? Math.max(0, own - this.held.getOrDefault(name, 0)) : Integer.MAX_VALUE;
		return this.served.entryOf(name).map((entry) -> Math.min(left, freeIn(entry))).orElse(0);
	}

	/**
	 * Says how many jobs one claim may bring of queues that go together.
	 * @param entry the entry of all of them, where it is a wildcard
	 * @param queue one of them
	 * @return how many
	 */
	synchronized int roomFor(String entry, String queue) {
		int room = new QueuePattern(entry).isWildcard() ? roomIn(entry) : claimable();
		return Math.max(0, Math.min(room, this.fleet.left(queue)));
	}

	/**
	 * Tells whether one claim may ask two queues, since it has one limit for both.
	 * @param one a queue
	 * @param other another one
	 * @return whether it may
	 */
	boolean goTogether(String one, String other) {
		String entry = this.served.entryOf(one).orElse(one);
		String otherEntry = this.served.entryOf(other).orElse(other);
		boolean alike = entry.equals(otherEntry)
				|| !(new QueuePattern(entry).isWildcard() || new QueuePattern(otherEntry).isWildcard());
		return alike && (one.equals(other) || this.fleet.boundsOf(one).equals(this.fleet.boundsOf(other)));
	}

	synchronized boolean mayStart(String entry) {
		return this.runningInAll < this.limit && this.runningByEntry.getOrDefault(entry, 0) < limitOf(entry);
	}

	/**
	 * Tells whether some queues of wildcards have limits of their own.
	 * @return whether {@link #mayStartOf} is worth asking
	 */
	synchronized boolean limitsQueues() {
		return this.queuesLimited;
	}

	/**
	 * Tells whether a job of a queue may start, as far as the queue's own limit is
	 * concerned: an operator may have set it while the job waited.
	 * @param queue the queue
	 * @return whether it may
	 */
	synchronized boolean mayStartOf(String queue) {
		Integer own = this.limits.get(queue);
		return own == null || this.running.getOrDefault(queue, 0) < own;
	}

	synchronized void waits(String queue) {
		countWaiting(queue, 1);
	}

	synchronized void waitsNoMore(String queue) {
		countWaiting(queue, -1);
	}

	private void countWaiting(String queue, int change) {
		this.served.entryOf(queue).ifPresent((entry) -> this.waitingByEntry.merge(entry, change, Integer::sum));
	}

	/**
	 * Notes that a job starts which has waited.
	 * @param queue its queue
	 */
	synchronized void start(String queue) {
		countRunning(queue, 1);
		countWaiting(queue, -1);
	}

	synchronized void ended(String queue) {
		countRunning(queue, -1);
		this.running.remove(queue, 0);
	}

	private void countRunning(String queue, int change) {
		this.served.entryOf(queue).ifPresent((entry) -> this.runningByEntry.merge(entry, change, Integer::sum));
		this.running.merge(queue, change, Integer::sum);
		this.runningInAll += change;
	}

	/**
	 * Tells whether jobs are held that do not run: they wait, or their outcomes do.
	 * @return whether there are some
	 */
	synchronized boolean holdsMoreThanRuns() {
		return this.heldInAll > this.runningInAll;
	}

	synchronized int held() {
		return this.heldInAll;
	}

	synchronized Map<String, Integer> heldByQueue() {
		return Map.copyOf(this.held);
	}

	synchronized List<WorkerHealth.Entry> entries() {
		return this.entries.keySet()
			.stream()
			.map((entry) -> new WorkerHealth.Entry(entry, limitOf(entry), this.runningByEntry.getOrDefault(entry, 0)))
			.toList();
	}

	synchronized void take(String queue) {
		count(queue, 1);
	}

	synchronized void release(String queue) {
		count(queue, -1);
		// Of queues that come and go, as with tenants, nothing is kept.
		if (!this.entries.containsKey(queue)) {
			this.held.remove(queue, 0);
		}
		if (this.heldInAll == 0) {
			notifyAll();
		}
	}

	private void count(String queue, int change) {
		this.held.merge(queue, change, Integer::sum);
		this.served.entryOf(queue).ifPresent((entry) -> this.heldByEntry.merge(entry, change, Integer::sum));
		this.heldInAll += change;
	}

	/**
	 * Waits until nothing is held.
	 * @param timeout how long to wait
	 * @return whether nothing is
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
		long end = System.nanoTime() + timeout.toNanos();
		while (this.heldInAll > 0) {
			long millis = (end - System.nanoTime()) / 1_000_000;
			if (millis <= 0) {
				return false;
			}
			wait(millis);
		}
		return true;
	}

}
