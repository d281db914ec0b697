package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.jobstarter.autoconfigure.actuate.Remembered.Times;
import io.jobstarter.store.MetricsStore;
import io.jobstarter.store.MetricsStore.FleetReading;
import org.jspecify.annotations.Nullable;

/**
 * What the gauges of a node read from the database, each thing once for all gauges of a
 * scrape.
 */
final class GaugeReadings implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final ThreadPoolExecutor executor;

	private final Remembered<FleetReading> fleet;

	private final Remembered<Map<String, Long>> openDeadLetters;

	/**
	 * Makes the readings.
	 * @param store reads
	 * @param refresh how old a reading becomes while somebody asks; that of dead letters,
	 * three times as old
	 */
	GaugeReadings(MetricsStore store, Duration refresh) {
		// No thread while nobody asks.
		this.executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), (task) -> {
			Thread thread = new Thread(task, "background-jobs-gauges");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.allowCoreThreadTimeOut(true);
		this.fleet = new Remembered<>(store::fleet, times(refresh), this.executor, System::nanoTime);
		this.openDeadLetters = new Remembered<>(store::openDeadLetters, times(refresh.multipliedBy(3)), this.executor,
				System::nanoTime);
	}

	private static Times times(Duration fresh) {
		return new Times(fresh, fresh.multipliedBy(6), PATIENCE);
	}

	@Nullable FleetReading fleet() {
		return this.fleet.value();
	}

	@Nullable Map<String, Long> openDeadLetters() {
		return this.openDeadLetters.value();
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
