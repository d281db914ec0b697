package io.jobstarter.worker;

import java.time.Duration;
import java.util.Map;

import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobFailure;
import io.jobstarter.JobOutcome;
import io.jobstarter.SettledCounts;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SettledWindowTests {

	private static final JobFailure FAILURE = new JobFailure("java.io.IOException", "", "");

	private long now = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

	private final SettledWindow window = new SettledWindow(this.now);

	private SettledWindow.Counted after(long seconds) {
		this.now += Duration.ofSeconds(seconds).toNanos();
		return this.window.look(this.now);
	}

	private void succeed(String queue, int count) {
		for (int i = 0; i < count; i++) {
			this.window.count(queue, new JobOutcome.Succeeded());
		}
	}

	private static SettledCounts succeeded(long count) {
		return new SettledCounts(count, 0, 0, 0, 0, 0);
	}

	@Test
	void countsByWhatBecameOfAttempts() {
		succeed("a", 2);
		this.window.count("a", new JobOutcome.Retried(FAILURE, Duration.ZERO, null));
		this.window.count("a", new JobOutcome.Snoozed(DueTime.NOW));
		this.window.count("a", new JobOutcome.Returned("shutdown"));
		this.window.count("a", new JobOutcome.Parked("circuit:smtp"));
		this.window.count("a", new JobOutcome.Discarded("why", null));
		this.window.count("a", new JobOutcome.Cancelled());
		this.window.count("a", new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		SettledCounts counts = after(5).queues().get("a");
		assertThat(counts).isEqualTo(new SettledCounts(2, 1, 3, 1, 1, 1));
		assertThat(counts.over()).isEqualTo(5);
		assertThat(counts.total()).isEqualTo(9);
	}

	@Test
	void countsWithinAMinuteOrSo() {
		succeed("a", 6);
		assertThat(after(5)).isEqualTo(new SettledWindow.Counted(Duration.ofSeconds(5), Map.of("a", succeeded(6))));
		succeed("a", 1);
		for (int i = 0; i < 11; i++) {
			after(5);
		}
		assertThat(after(5)).isEqualTo(new SettledWindow.Counted(Duration.ofSeconds(60), Map.of("a", succeeded(1))));
		assertThat(after(5).queues()).isEmpty();
		assertThat(this.window.sinceStart()).isEqualTo(succeeded(7));
	}

	@Test
	void aLongIntervalIsAWindowOfItsOwn() {
		succeed("a", 6);
		assertThat(after(100).window()).isEqualTo(Duration.ofSeconds(100));
		succeed("a", 3);
		assertThat(after(100)).isEqualTo(new SettledWindow.Counted(Duration.ofSeconds(100), Map.of("a", succeeded(3))));
	}

	@Test
	void aQueueThatCameAndWentIsCountedAnewWhenItComesAgain() {
		succeed("a", 6);
		for (int i = 0; i < 20; i++) {
			after(5);
		}
		assertThat(this.window.remembered()).isZero();
		succeed("a", 2);
		succeed("b", 1);
		assertThat(after(5).queues()).isEqualTo(Map.of("a", succeeded(2), "b", succeeded(1)));
		assertThat(this.window.sinceStart()).isEqualTo(succeeded(9));
	}

}
