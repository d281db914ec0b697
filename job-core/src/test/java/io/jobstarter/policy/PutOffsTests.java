package io.jobstarter.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PutOffsTests {

	private static final long SECOND = 1_000_000_000L;

	@Test
	void jobsComeBackOneAfterAnotherFromWhenThereIsRoom() {
		PutOffs putOffs = new PutOffs(() -> 0);
		assertThat(putOffs.delay(0, SECOND, SECOND / 10)).isEqualTo(Duration.ofMillis(1_000));
		assertThat(putOffs.delay(0, SECOND, SECOND / 10)).isEqualTo(Duration.ofMillis(1_100));
		assertThat(putOffs.delay(SECOND / 2, SECOND / 2, SECOND / 10)).isEqualTo(Duration.ofMillis(700));
		// Long after: nobody waits any more.
		assertThat(putOffs.delay(90 * SECOND, SECOND, SECOND / 10)).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void workWhenTheClockOfTheMachineOverflows() {
		PutOffs putOffs = new PutOffs(() -> 0);
		long now = Long.MAX_VALUE - 2 * SECOND;
		assertThat(putOffs.delay(now, SECOND, 3 * SECOND)).isEqualTo(Duration.ofSeconds(1));
		assertThat(putOffs.delay(now, SECOND, 3 * SECOND)).isEqualTo(Duration.ofSeconds(4));
	}

	@Test
	void nobodyIsPutOffForMoreThanADay() {
		PutOffs putOffs = new PutOffs(() -> 0.5);
		Duration day = Duration.ofDays(1);
		for (int i = 0; i < 100; i++) {
			assertThat(putOffs.delay(0, day.toNanos() / 2, day.toNanos())).isLessThanOrEqualTo(day.multipliedBy(2));
		}
	}

	/**
	 * A thousand jobs at ten per second: nearly no permission is wasted, and each job is
	 * claimed about twice, also while others arrive, and while those that are due are
	 * seen late.
	 */
	@ParameterizedTest(name = "{0} at once, {1} more per second, {2} per {3} ms, seen up to {4} ms late")
	@CsvSource({ "1000, 0, 10, 1000, 0", "1000, 0, 10, 1000, 300", "1000, 20, 10, 1000, 20", "1000, 0, 1, 100, 30",
			"1000, 0, 100, 10000, 100" })
	void aBacklogDrainsAtThePaceOfTheLimiterInAboutTwoClaims(int atOnce, int more, int limit, int periodMillis,
			int lateMillis) {
		Random random = new Random(42);
		long[] now = { 0 };
		RateLimiterConfig config = RateLimiterConfig.custom()
			.limitForPeriod(limit)
			.limitRefreshPeriod(Duration.ofMillis(periodMillis))
			.timeoutDuration(Duration.ZERO)
			.build();
		AtomicRateLimiter limiter = new AtomicRateLimiter("test", config, () -> now[0]);
		PutOffs putOffs = new PutOffs(random::nextDouble);
		PriorityQueue<long[]> due = new PriorityQueue<>(Comparator.comparingLong((long[] job) -> job[0]));
		for (int i = 0; i < atOnce; i++) {
			due.add(new long[] { i * 1_000L, 0 });
		}
		for (int i = 0; i < more * 50; i++) {
			due.add(new long[] { i * SECOND / more, 0 });
		}
		int jobs = due.size();
		List<Long> claims = new ArrayList<>();
		long distance = periodMillis * 1_000_000L / limit;
		while (!due.isEmpty()) {
			long[] job = due.remove();
			now[0] = Math.max(now[0], job[0]);
			job[1]++;
			if (limiter.acquirePermission()) {
				claims.add(job[1]);
			}
			else {
				long late = (long) (random.nextDouble() * lateMillis * 1_000_000L);
				job[0] = now[0] + late
						+ putOffs.delay(now[0], limiter.getDetailedMetrics().getNanosToWait(), distance).toNanos();
				due.add(job);
			}
		}
		assertThat(claims.stream().mapToLong(Long::longValue).sum() / (double) jobs).as("claims per job")
			.isLessThan(2.5);
		double best = (jobs - limit) * distance / (double) SECOND;
		assertThat(now[0] / (double) SECOND).as("seconds until all have run").isBetween(best, best * 1.3 + 2);
	}

}
