package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.jobstarter.autoconfigure.actuate.Remembered.Times;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Remembered}.
 */
class RememberedTests {

	private static final Times TIMES = new Times(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMillis(1));

	private final AtomicLong nanos = new AtomicLong();

	private final AtomicInteger reads = new AtomicInteger();

	private final Queue<Runnable> pending = new ArrayDeque<>();

	private boolean hangs;

	private boolean fails;

	private final Remembered<Integer> remembered = new Remembered<>(this::read, TIMES, this::execute, this.nanos::get);

	private int read() {
		int read = this.reads.incrementAndGet();
		if (this.fails) {
			throw new IllegalStateException("the database is gone");
		}
		return read;
	}

	private void execute(Runnable task) {
		if (this.hangs) {
			this.pending.add(task);
		}
		else {
			task.run();
		}
	}

	private void later(int seconds) {
		this.nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
	}

	@Test
	void readsOnceForAScrapeAndAgainForALaterOne() {
		assertThat(this.remembered.value()).isEqualTo(1);
		assertThat(this.remembered.value()).isEqualTo(1);
		later(9);
		assertThat(this.remembered.value()).isEqualTo(1);
		later(1);
		assertThat(this.remembered.value()).isEqualTo(2);
	}

	@Test
	void showsWhatItKnewWhileTheDatabaseHangsAndNothingAfterAWhile() {
		this.remembered.value();
		this.hangs = true;
		later(15);
		assertThat(this.remembered.value()).isEqualTo(1);
		later(15);
		assertThat(this.remembered.value()).isEqualTo(1);
		assertThat(this.pending).hasSize(1);
		later(31);
		assertThat(this.remembered.value()).isNull();
		this.pending.remove().run();
		assertThat(this.remembered.value()).isEqualTo(2);
	}

	@Test
	void triesAgainAfterAFailureButNotForEachGauge() {
		this.fails = true;
		assertThat(this.remembered.value()).isNull();
		assertThat(this.remembered.value()).isNull();
		assertThat(this.reads).hasValue(1);
		this.fails = false;
		later(10);
		assertThat(this.remembered.value()).isEqualTo(2);
	}

}
