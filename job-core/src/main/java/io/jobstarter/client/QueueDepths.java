package io.jobstarter.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * How many ready jobs queues hold, as this node knows it: what was read last, and what
 * this node has enqueued since. Whoever asks is answered at once, from memory, and makes
 * a thread read again if the last reading is older than a second. It holds a connection
 * while it asks, and must not wait for another. While nobody asks, nothing is read.
 */
public final class QueueDepths implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(QueueDepths.class);

	/** How old a reading may become while somebody asks. */
	static final Duration FRESH = Duration.ofSeconds(1);

	/** Older than that, it is not known how deep a queue is. */
	private static final Duration USABLE = Duration.ofSeconds(30);

	private static final int MAX_FAILURE = 500;

	private final Supplier<Map<String, Long>> source;

	private final LongSupplier nanos;

	private final ThreadPoolExecutor executor;

	private volatile Reading last;

	private volatile Map<String, LongAdder> added = new ConcurrentHashMap<>();

	private boolean reading;

	private long askedAt;

	/**
	 * Makes the depths.
	 * @param source reads how many ready jobs each queue holds, on the engine's
	 * connections
	 */
	public QueueDepths(Supplier<Map<String, Long>> source) {
		this(source, System::nanoTime);
	}

	QueueDepths(Supplier<Map<String, Long>> source, LongSupplier nanos) {
		this.source = source;
		this.nanos = nanos;
		long longAgo = nanos.getAsLong() - USABLE.toNanos();
		this.last = new Reading(Map.of(), longAgo);
		this.askedAt = longAgo;
		this.executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), (task) -> {
			Thread thread = new Thread(task, "background-jobs-depths");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Tells how many ready jobs a queue holds.
	 * @param queue the queue
	 * @return the number, an estimate; 0 as long as nothing is known
	 */
	long of(String queue) {
		refresh();
		Reading known = this.last;
		LongAdder more = this.added.get(queue);
		boolean usable = this.nanos.getAsLong() - known.at() < USABLE.toNanos();
		return (usable ? known.depths().getOrDefault(queue, 0L) : 0) + ((more != null) ? more.sum() : 0);
	}

	/**
	 * Notes that jobs were enqueued here.
	 * @param queue their queue
	 * @param jobs how many
	 */
	void add(String queue, long jobs) {
		this.added.computeIfAbsent(queue, (name) -> new LongAdder()).add(jobs);
	}

	private void refresh() {
		synchronized (this) {
			if (this.reading || this.nanos.getAsLong() - this.askedAt < FRESH.toNanos()) {
				return;
			}
			this.reading = true;
			this.askedAt = this.nanos.getAsLong();
		}
		try {
			this.executor.execute(this::read);
		}
		catch (RejectedExecutionException ex) {
			// The application stops.
		}
	}

	// What is enqueued meanwhile may be counted twice until the next reading, and what
	// was enqueued before and is not committed yet, not at all.
	private void read() {
		Map<String, LongAdder> before = this.added;
		this.added = new ConcurrentHashMap<>();
		try {
			Map<String, Long> depths = this.source.get();
			this.last = new Reading(Map.copyOf(depths), this.nanos.getAsLong());
		}
		catch (RuntimeException ex) {
			before.forEach((queue, jobs) -> add(queue, jobs.sum()));
			logger.debug("Could not see how deep the queues are: " + CleanText.oneLine(ex, MAX_FAILURE));
		}
		finally {
			synchronized (this) {
				this.reading = false;
			}
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * A reading.
	 *
	 * @param depths the depths
	 * @param at when
	 */
	private record Reading(Map<String, Long> depths, long at) {
	}

}
