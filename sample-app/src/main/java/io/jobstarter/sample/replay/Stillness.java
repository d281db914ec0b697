package io.jobstarter.sample.replay;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a number to change, as long as it does change.
 */
final class Stillness {

	private static final Duration PAUSE = Duration.ofMillis(200);

	private final Duration patience;

	private long last = Long.MIN_VALUE;

	private long since = System.nanoTime();

	Stillness(Duration patience) {
		this.patience = patience;
	}

	/**
	 * Pauses.
	 * @param number what should change
	 * @return whether it is worth looking again: it has changed within our patience
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean isBearable(long number) throws InterruptedException {
		long now = System.nanoTime();
		if (number != this.last) {
			this.last = number;
			this.since = now;
		}
		TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
		return now - this.since < this.patience.toNanos();
	}

}
