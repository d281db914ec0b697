package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.support.SupervisedLoop;
import io.jobstarter.worker.JobWorker;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;

/**
 * Waits for a database that was not there when the application started, migrates it then,
 * and starts what works on it. Does not even start a thread where the database was there.
 */
final class LateStart implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(LateStart.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

	private static final Duration LOOP_STOP = Duration.ofSeconds(5);

	private final DatabaseState state;

	private final DatabaseOpening opening;

	private final JdbcStores stores;

	private final Supplier<List<Lifecycle>> waiting;

	private final SupervisedLoop loop = new SupervisedLoop("background-jobs-start", LONGEST_PAUSE, this::attempt);

	private volatile boolean running;

	private int attempts;

	private long since;

	private long lastLogged;

	/**
	 * Makes it.
	 * @param state what is known of the database
	 * @param opening opens it
	 * @param stores the stores, whose tables may not be there yet
	 * @param waiting what is to be started when they are, in this order
	 */
	LateStart(DatabaseState state, DatabaseOpening opening, JdbcStores stores, Supplier<List<Lifecycle>> waiting) {
		this.state = state;
		this.opening = opening;
		this.stores = stores;
		this.waiting = waiting;
	}

	@Override
	public synchronized void start() {
		if (!this.running && !this.state.isReady()) {
			this.running = true;
			this.since = System.nanoTime();
			this.lastLogged = this.since - LOG_INTERVAL.toNanos();
			this.loop.start();
		}
	}

	// Before what it starts is stopped, which has a lower phase.
	@Override
	public synchronized void stop() {
		if (this.running) {
			this.running = false;
			this.loop.requestStop();
			this.loop.awaitStop(LOOP_STOP);
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return JobWorker.PHASE + 2;
	}

	private Duration attempt() {
		try {
			this.opening.retry(this.stores);
		}
		catch (RuntimeException ex) {
			this.state.waitsBecauseOf(ex);
			logSparsely(ex);
			return pause();
		}
		this.state.isThere();
		logger.info("The database of background jobs is there, " + seconds() + " s after the start, and its tables are "
				+ "complete: jobs can be enqueued" + (startWaiting() ? ", and this node runs some" : ""));
		this.loop.requestStop();
		return Duration.ZERO;
	}

	private boolean startWaiting() {
		List<Lifecycle> waiting = this.waiting.get();
		for (Lifecycle each : waiting) {
			if (this.running) {
				each.start();
			}
		}
		return waiting.stream().anyMatch(JobWorker.class::isInstance);
	}

	private void logSparsely(RuntimeException ex) {
		long now = System.nanoTime();
		if (now - this.lastLogged >= LOG_INTERVAL.toNanos()) {
			this.lastLogged = now;
			logger.warn("This node waits for the database of background jobs, as background-jobs.start says: no jobs "
					+ "can be enqueued, and none run. " + StartFailure.oneLine(ex));
		}
	}

	private Duration pause() {
		long longest = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(this.attempts++, 8));
		return Duration.ofNanos(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
	}

	private long seconds() {
		return Duration.ofNanos(System.nanoTime() - this.since).toSeconds();
	}

}
