package io.jobstarter.observation;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.jobstarter.DeadLetterNotifier;
import io.jobstarter.JobEvent;
import io.jobstarter.support.JobEventListener;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Hands dead letters to the notifier, on a thread of its own that ends when there are
 * none: whatever the notifier does, no job waits for it.
 */
public final class DeadLetterNotifications implements JobEventListener, AutoCloseable {

	private static final Log logger = LogFactory.getLog(DeadLetterNotifications.class);

	private static final int MOST_WAITING = 1_000;

	private static final int IDLE_SECONDS = 30;

	private static final int STOP_SECONDS = 2;

	private final DeadLetterNotifier notifier;

	private final ThreadPoolExecutor thread;

	private final AtomicLong skipped = new AtomicLong();

	/**
	 * Makes the notifications.
	 * @param notifier is told
	 */
	public DeadLetterNotifications(DeadLetterNotifier notifier) {
		this.notifier = notifier;
		this.thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(MOST_WAITING), (task) -> {
					Thread thread = new Thread(task, "background-jobs-notifier");
					thread.setDaemon(true);
					return thread;
				}, (task, executor) -> skip());
		this.thread.allowCoreThreadTimeOut(true);
	}

	@Override
	public void hear(JobEvent event) {
		if (event instanceof JobEvent.DeadLettered letter) {
			this.thread.execute(() -> tell(letter));
		}
	}

	// The first and then every thousandth, so that the log is not flooded in turn.
	private void skip() {
		long skipped = this.skipped.incrementAndGet();
		if (skipped % MOST_WAITING == 1 && !this.thread.isShutdown()) {
			logger.warn("The notifier of dead letters, " + this.notifier.getClass().getName()
					+ ", is too slow: it has not been told of " + skipped + " so far");
		}
	}

	private void tell(JobEvent.DeadLettered letter) {
		try {
			this.notifier.deadLettered(letter);
		}
		catch (Throwable ex) {
			logger.warn("The notifier of dead letters failed on job " + letter.id(), LoggedError.of(ex));
		}
	}

	@Override
	public void close() {
		this.thread.shutdown();
		if (!isOverSoon()) {
			this.thread.shutdownNow();
		}
	}

	private boolean isOverSoon() {
		try {
			return this.thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
