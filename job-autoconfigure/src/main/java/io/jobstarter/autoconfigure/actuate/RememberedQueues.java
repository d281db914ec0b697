package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

import io.jobstarter.QueueInfo;
import io.jobstarter.support.LoggedError;
import io.jobstarter.support.SupervisedLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * How the queues stood not long ago. Whoever asks is answered at once, from memory, and
 * makes a thread look again: a health check must not wait for a database, and an
 * application that nobody asks after sends no statement.
 */
final class RememberedQueues implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(RememberedQueues.class);

	private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

	private static final Duration UNTIL_ASKED = Duration.ofHours(1);

	private static final Duration STOP = Duration.ofSeconds(1);

	private final Supplier<List<QueueInfo>> queues;

	private final InstantSource clock;

	private final Duration memory;

	private final SupervisedLoop loop = new SupervisedLoop("background-jobs-health", MAX_BACKOFF, this::look);

	private volatile @Nullable Seen seen;

	private volatile boolean asked;

	private volatile boolean running;

	/**
	 * Makes a memory.
	 * @param queues reads how the queues stand
	 * @param clock tells when that is
	 * @param memory for how long it is good enough
	 */
	RememberedQueues(Supplier<List<QueueInfo>> queues, InstantSource clock, Duration memory) {
		this.queues = queues;
		this.clock = clock;
		this.memory = memory;
	}

	/**
	 * Tells how the queues stood, at once.
	 * @return what was seen last, or {@code null} if nothing was seen yet
	 */
	@Nullable Seen seen() {
		Seen seen = this.seen;
		if (this.running && !this.asked
				&& (seen == null || seen.at().plus(this.memory).isBefore(this.clock.instant()))) {
			this.asked = true;
			this.loop.wake();
		}
		return seen;
	}

	private Duration look() {
		if (!this.asked) {
			return UNTIL_ASKED;
		}
		try {
			this.seen = new Seen(List.copyOf(this.queues.get()), this.clock.instant());
			this.asked = false;
			return UNTIL_ASKED;
		}
		catch (RuntimeException ex) {
			// The lease tells of it, and its thread writes to the log.
			logger.debug("Could not see how the queues stand", LoggedError.of(ex));
			return AFTER_FAILURE;
		}
	}

	@Override
	public synchronized void start() {
		if (!this.running) {
			this.loop.start();
			this.running = true;
		}
	}

	// A daemon that hangs in a statement is left alone.
	@Override
	public synchronized void stop() {
		if (this.running) {
			this.running = false;
			this.loop.requestStop();
			this.loop.awaitStop(STOP);
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * How the queues stood.
	 *
	 * @param queues the queues
	 * @param at when
	 */
	record Seen(List<QueueInfo> queues, Instant at) {
	}

}
