package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A reading of the database that all gauges of a scrape share. It is taken on another
 * thread, one at a time, when somebody asks and the last one is too old. Whoever asks
 * first waits for a moment, and nobody again for the same reading: a scrape is answered
 * also while the database hangs.
 *
 * @param <T> what is read
 */
final class Remembered<T> {

	private final Supplier<T> source;

	private final Times times;

	private final Executor executor;

	private final LongSupplier nanos;

	private volatile @Nullable Reading<T> last;

	private @Nullable CompletableFuture<Void> flight;

	private @Nullable Long failedAt;

	/**
	 * Makes it.
	 * @param source reads
	 * @param times how old readings may be
	 * @param executor where it is read
	 * @param nanos the node's own time
	 */
	Remembered(Supplier<T> source, Times times, Executor executor, LongSupplier nanos) {
		this.source = source;
		this.times = times;
		this.executor = executor;
		this.nanos = nanos;
	}

	/**
	 * Tells what was read last.
	 * @return the reading, or {@code null} if nothing has been known for too long
	 */
	@Nullable T value() {
		CompletableFuture<Void> begun = refresh();
		if (begun != null) {
			await(begun);
		}
		Reading<T> last = this.last;
		return (last != null && age(last.at()) <= this.times.usable().toNanos()) ? last.value() : null;
	}

	private synchronized @Nullable CompletableFuture<Void> refresh() {
		if (this.flight != null && !this.flight.isDone()) {
			return null;
		}
		Reading<T> last = this.last;
		if ((last != null && age(last.at()) < this.times.fresh().toNanos())
				|| (this.failedAt != null && age(this.failedAt) < this.times.fresh().toNanos())) {
			return null;
		}
		try {
			this.flight = CompletableFuture.runAsync(this::read, this.executor);
			return this.flight;
		}
		catch (RejectedExecutionException ex) {
			// The application stops.
			return null;
		}
	}

	private void read() {
		try {
			this.last = new Reading<>(this.source.get(), this.nanos.getAsLong());
			failedAt(null);
		}
		catch (RuntimeException ex) {
			// A scrape shows that nothing is known; health says why.
			failedAt(this.nanos.getAsLong());
		}
	}

	private synchronized void failedAt(@Nullable Long time) {
		this.failedAt = time;
	}

	private void await(CompletableFuture<Void> flight) {
		try {
			flight.get(this.times.patience().toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// What was read before has to do.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private long age(long time) {
		return this.nanos.getAsLong() - time;
	}

	/**
	 * How old readings may be.
	 *
	 * @param fresh until when no other is taken
	 * @param usable until when it is shown if no other can be taken
	 * @param patience how long whoever asks first waits for one
	 */
	record Times(Duration fresh, Duration usable, Duration patience) {
	}

	/**
	 * A reading.
	 *
	 * @param <T> what was read
	 * @param value what was read
	 * @param at when
	 */
	private record Reading<T>(T value, long at) {
	}

}
