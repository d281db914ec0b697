package io.jobstarter.support;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A thread that repeats one step for as long as the engine runs. No {@link Throwable}
 * ends it: a step that fails is repeated after a wait that grows with the failures in a
 * row and is spread by jitter, and is logged once in ten seconds at most. Should its
 * thread die all the same, it starts another one at its end; and each loop looks once in
 * a second whether the threads of all others live.
 */
public final class SupervisedLoop {

	private static final Log logger = LogFactory.getLog(SupervisedLoop.class);

	private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

	private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

	private static final int MAX_FAILURE = 1_000;

	private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

	/** The loops of this process that were started and not stopped. */
	private static final Set<SupervisedLoop> STARTED = ConcurrentHashMap.newKeySet();

	private final String name;

	private final Duration maxBackoff;

	private final Step step;

	private boolean daemon = true;

	// Not a lock or a semaphore: a thread that died while it waited would stay in its
	// queue.
	private volatile boolean woken;

	private volatile boolean stopping;

	private volatile @Nullable Thread thread;

	private volatile int failuresInARow;

	private volatile @Nullable String lastFailure;

	private long lastLogged = System.nanoTime() - LOG_INTERVAL.toNanos();

	private long lastLook = System.nanoTime();

	/**
	 * Makes a loop that {@link #start()} starts.
	 * @param name the thread's name
	 * @param maxBackoff the longest wait between two failing steps
	 * @param step what is repeated
	 */
	public SupervisedLoop(String name, Duration maxBackoff, Step step) {
		this.name = name;
		this.maxBackoff = maxBackoff;
		this.step = step;
	}

	/**
	 * Lets the JVM live for as long as this loop does, so that an application without a
	 * web server that only runs jobs does not end with its main method.
	 * @return this
	 */
	public SupervisedLoop keepJvmAlive() {
		this.daemon = false;
		return this;
	}

	/**
	 * Starts the thread, also after a stop.
	 */
	public synchronized void start() {
		startThread();
		STARTED.add(this);
	}

	private void startThread() {
		Thread thread = new Thread(this::run, this.name);
		thread.setDaemon(this.daemon);
		this.thread = thread;
		this.stopping = false;
		thread.start();
	}

	/**
	 * Ends the wait between two steps; a step that is under way is followed by another
	 * one at once. Waits after failures are not cut short.
	 */
	public void wake() {
		this.woken = true;
		LockSupport.unpark(this.thread);
		revive();
	}

	/**
	 * Lets the loop end after the step that is under way, which is not interrupted: an
	 * interrupt in the middle of a statement may cost the connection.
	 */
	public synchronized void requestStop() {
		STARTED.remove(this);
		this.stopping = true;
		wake();
	}

	/**
	 * Waits until the loop has ended.
	 * @param timeout how long to wait
	 * @return whether it has
	 */
	public boolean awaitStop(Duration timeout) {
		Thread thread = this.thread;
		if (thread == null || thread == Thread.currentThread()) {
			return true;
		}
		try {
			thread.join(Math.max(1, timeout.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return !thread.isAlive();
	}

	/**
	 * Tells how the loop does.
	 * @return its condition
	 */
	public Condition condition() {
		Thread thread = this.thread;
		boolean alive = (thread != null) && thread.isAlive();
		return new Condition(this.name, alive, this.failuresInARow, this.lastFailure);
	}

	private void run() {
		try {
			repeat();
		}
		finally {
			// As long as this thread lives: it may be all that keeps the JVM alive.
			if (this.thread == Thread.currentThread()) {
				startAgain(Thread.currentThread());
			}
		}
	}

	private void repeat() {
		// A thread that outlived its stop does not come back beside the next one.
		while (!this.stopping && this.thread == Thread.currentThread()) {
			try {
				Duration pause = this.step.run();
				this.failuresInARow = 0;
				this.lastFailure = null;
				await(pause);
			}
			catch (Throwable ex) {
				recover(ex);
			}
			lookAfterOthers();
		}
	}

	private void lookAfterOthers() {
		if (System.nanoTime() - this.lastLook < LOOK_INTERVAL.toNanos()) {
			return;
		}
		this.lastLook = System.nanoTime();
		try {
			STARTED.forEach(SupervisedLoop::revive);
		}
		catch (Throwable ex) {
			// No memory for a thread, say: the next look is soon.
		}
	}

	private void revive() {
		Thread thread = this.thread;
		if (thread != null && !thread.isAlive()) {
			startAgain(thread);
		}
	}

	private synchronized void startAgain(Thread dead) {
		if (STARTED.contains(this) && this.thread == dead) {
			startThread();
			logger.error("The thread " + this.name + " had died and was started again");
		}
	}

	// Whatever goes wrong in here, the loop in run() goes on.
	private void recover(Throwable ex) {
		try {
			this.failuresInARow++;
			this.lastFailure = CleanText.oneLine(ex, MAX_FAILURE);
			logSparsely(ex);
		}
		catch (Throwable again) {
			// It cannot be told, for lack of memory or by its own fault.
		}
		try {
			pauseAfterFailure();
		}
		catch (Throwable again) {
			Thread.yield();
		}
	}

	private void logSparsely(Throwable ex) {
		if (this.stopping || System.nanoTime() - this.lastLogged < LOG_INTERVAL.toNanos()) {
			return;
		}
		this.lastLogged = System.nanoTime();
		logger.warn(this.name + " failed (" + this.failuresInARow + " in a row) and tries again: " + this.lastFailure,
				(this.failuresInARow == 1) ? LoggedError.of(ex) : null);
	}

	// Nobody interrupts this thread but code that ran in a step and forgot to clear the
	// flag: it is cleared now, and the loop goes on.
	private void await(Duration pause) {
		long end = System.nanoTime() + pause.toNanos();
		long left = pause.toNanos();
		while (left > 0 && !this.woken && !Thread.interrupted()) {
			LockSupport.parkNanos(this, left);
			left = end - System.nanoTime();
		}
		this.woken = false;
	}

	private void pauseAfterFailure() {
		Duration pause = backoff(this.failuresInARow, this.maxBackoff, ThreadLocalRandom.current());
		long end = System.nanoTime() + pause.toNanos();
		while (!this.stopping && System.nanoTime() < end) {
			await(Duration.ofNanos(end - System.nanoTime()));
		}
	}

	/**
	 * Says how long to wait after a failure: twice as long each time, up to a bound, and
	 * between half of that and all of it, by chance.
	 * @param failures how many rounds have failed in a row
	 * @param longest the bound
	 * @param random the chance
	 * @return how long
	 */
	static Duration backoff(int failures, Duration longest, RandomGenerator random) {
		int doublings = Math.max(1, Math.min(failures, 17)) - 1;
		long most = Math.min(longest.toNanos(), FIRST_BACKOFF.toNanos() << doublings);
		return Duration.ofNanos(most / 2 + random.nextLong(most / 2 + 1));
	}

	/**
	 * What a loop repeats.
	 */
	@FunctionalInterface
	public interface Step {

		/**
		 * Does one round.
		 * @return how long to wait before the next round, unless woken
		 * @throws Exception whatever went wrong: the round is repeated after a wait
		 */
		Duration run() throws Exception;

	}

	/**
	 * How a loop does.
	 *
	 * @param name the thread's name
	 * @param alive whether the thread lives
	 * @param failuresInARow how many rounds have failed since the last good one
	 * @param lastFailure what the last one failed with, or {@code null}
	 */
	public record Condition(String name, boolean alive, int failuresInARow, @Nullable String lastFailure) {
	}

}
