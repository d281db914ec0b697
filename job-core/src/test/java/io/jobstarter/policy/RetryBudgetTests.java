package io.jobstarter.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RetryBudgetTests {

	private static final long SECOND = 1_000_000_000L;

	private static final long START = Long.MAX_VALUE - 5 * SECOND;

	private final RetryBudget budget = new RetryBudget(0.2, 3, Duration.ofSeconds(60), START);

	@Test
	void aFewAreAlwaysAllowed() {
		assertThat(retries(START, 10)).isEqualTo(3);
	}

	@Test
	void allowsAShareOfTheFirstAttempts() {
		firsts(START, 100);
		assertThat(retries(START + 20 * SECOND, 100)).isEqualTo(20);
	}

	@Test
	void theWindowSlides() {
		firsts(START, 50);
		firsts(START + 40 * SECOND, 50);
		assertThat(retries(START + 50 * SECOND, 100)).isEqualTo(20);
		// The first fifty are forgotten, the retries are not.
		assertThat(retries(START + 70 * SECOND, 100)).isZero();
		// So are the retries.
		assertThat(retries(START + 120 * SECOND, 100)).isEqualTo(3);
		assertThat(this.budget.isIdle(START + 150 * SECOND)).isFalse();
		assertThat(this.budget.isIdle(START + 200 * SECOND)).isTrue();
	}

	@Test
	void thoseWhoAreRefusedComeBackAtThePaceAtWhichThereIsRoom() {
		assertThat(retries(START, 3)).isEqualTo(3);
		Duration first = this.budget.retry(START).orElseThrow();
		Duration second = this.budget.retry(START).orElseThrow();
		assertThat(first).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(65));
		assertThat(second.minus(first)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(25));
		assertThat(this.budget.retry(START + first.toNanos())).isEmpty();
	}

	@Test
	void nobodyWaitsForHoursThoughAThousandWereRefusedInAnOutage() {
		retries(START, 1_000);
		assertThat(this.budget.retry(START).orElseThrow()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
	}

	@Test
	void whatDidNotBeginIsNotCounted() {
		assertThat(retries(START, 3)).isEqualTo(3);
		this.budget.undo(false);
		assertThat(this.budget.retry(START)).isEmpty();
		this.budget.first(START);
		this.budget.undo(true);
		this.budget.undo(true);
		IntStream.range(0, 4).forEach((i) -> this.budget.undo(false));
		assertThat(this.budget.isIdle(START)).isTrue();
	}

	private void firsts(long now, int number) {
		IntStream.range(0, number).forEach((i) -> this.budget.first(now));
	}

	private long retries(long now, int number) {
		return IntStream.range(0, number).mapToObj((i) -> this.budget.retry(now)).filter(Optional::isEmpty).count();
	}

}
