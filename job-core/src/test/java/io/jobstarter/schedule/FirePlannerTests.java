package io.jobstarter.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;

import io.jobstarter.Misfire;
import io.jobstarter.Overlap;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.store.FirePlan;
import io.jobstarter.store.FirePlan.Due;
import io.jobstarter.store.FirePlan.Fire;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FirePlannerTests {

	private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

	private static final Schedule HOURLY = Schedule.parse("every hour", ZoneOffset.UTC);

	@Test
	void oneThatIsOnTimeFiresWhateverThePolicies() {
		for (Misfire misfire : Misfire.values()) {
			for (Overlap overlap : Overlap.values()) {
				FirePlan plan = plan(misfire, overlap, null, NOON, NOON.plusSeconds(59), false);
				assertThat(plan.fires()).as("%s, %s", misfire, overlap)
					.containsExactly(new Fire(NOON, Duration.ZERO, true));
				assertThat(plan.missed()).isZero();
				assertThat(plan.next()).isEqualTo(hour(1));
			}
		}
	}

	@Test
	void oneThatIsLateIsMadeUpForUnlessItIsToBeSkipped() {
		Instant late = NOON.plusSeconds(61);
		assertThat(instants(plan(Misfire.ONCE, Overlap.ALLOW, null, NOON, late, false))).containsExactly(NOON);
		assertThat(instants(plan(Misfire.ALL, Overlap.ALLOW, null, NOON, late, false))).containsExactly(NOON);
		FirePlan skipped = plan(Misfire.SKIP, Overlap.ALLOW, null, NOON, late, false);
		assertThat(skipped.fires()).isEmpty();
		assertThat(skipped.missed()).isEqualTo(1);
		assertThat(skipped.next()).isEqualTo(hour(1));
	}

	@Test
	void ofSeveralTheMisfirePolicyChooses() {
		Instant now = hour(3).plusSeconds(30);
		assertThat(instants(plan(Misfire.SKIP, Overlap.ALLOW, null, NOON, now, false))).containsExactly(hour(3));
		assertThat(plan(Misfire.SKIP, Overlap.ALLOW, null, NOON, now.plusSeconds(60), false).fires()).isEmpty();
		assertThat(instants(plan(Misfire.ONCE, Overlap.ALLOW, null, NOON, now, false))).containsExactly(hour(3));
		assertThat(plan(Misfire.ONCE, Overlap.ALLOW, null, NOON, now, false).missed()).isEqualTo(3);
		assertThat(instants(plan(Misfire.ALL, Overlap.ALLOW, null, NOON, now, false))).containsExactly(NOON, hour(1),
				hour(2), hour(3));
	}

	@Test
	void nothingOlderThanTheCatchUpWindowIsMadeUpFor() {
		Instant now = hour(3).plusSeconds(90);
		FirePlan all = plan(Misfire.ALL, Overlap.ALLOW, Duration.ofHours(2), NOON, now, false);
		assertThat(instants(all)).containsExactly(hour(2), hour(3));
		assertThat(all.missed()).isEqualTo(2);
		assertThat(plan(Misfire.ONCE, Overlap.ALLOW, Duration.ZERO, NOON, now, false).fires()).isEmpty();
		assertThat(instants(plan(Misfire.ONCE, Overlap.ALLOW, Duration.ZERO, NOON, hour(3), false)))
			.containsExactly(hour(3));
	}

	@Test
	void noMoreThanAHundredAreMadeUpFor() {
		FirePlan plan = plan(Misfire.ALL, Overlap.ALLOW, null, NOON, hour(200), false);
		assertThat(plan.fires()).hasSize(100);
		assertThat(plan.fires().get(99).at()).isEqualTo(hour(200));
		assertThat(plan.missed()).isEqualTo(101);
	}

	@Test
	void yearsOfSecondsAreNotWalked() {
		Schedule everySecond = Schedule.parse("* * * * * *", ZoneOffset.UTC);
		Instant now = NOON.plus(Duration.ofDays(3650));
		DueFires due = DueFires.of(everySecond, NOON, now);
		assertThat(due.latest()).hasSize(100).last().isEqualTo(now);
		assertThat(due.count()).isGreaterThanOrEqualTo(10_000);
		Schedule burst = Schedule.parse("* * 4 * * *", ZoneOffset.UTC);
		assertThat(DueFires.of(burst, NOON, now).latest()).hasSize(100)
			.last()
			.isEqualTo(now.minus(Duration.ofHours(7)).minusSeconds(1));
	}

	@Test
	void skipsWhileThePreviousJobIsNotOver() {
		FirePlan busy = plan(Misfire.ONCE, Overlap.SKIP, null, NOON, NOON, true);
		assertThat(busy.fires()).containsExactly(new Fire(NOON, Duration.ZERO, false));
		assertThat(busy.missed()).isZero();
		FirePlan several = plan(Misfire.ALL, Overlap.SKIP, null, NOON, hour(1), false);
		assertThat(several.fires()).containsExactly(new Fire(NOON, Duration.ZERO, true),
				new Fire(hour(1), Duration.ZERO, false));
	}

	@Test
	void queuesOneByOne() {
		assertThat(plan(Misfire.ALL, Overlap.QUEUE, null, NOON, hour(2), true)).isEqualTo(FirePlan.WAIT);
		FirePlan first = plan(Misfire.ALL, Overlap.QUEUE, null, NOON, hour(2), false);
		assertThat(instants(first)).containsExactly(NOON);
		assertThat(first.next()).isEqualTo(hour(1));
		FirePlan last = plan(Misfire.ALL, Overlap.QUEUE, null, hour(2), hour(2), false);
		assertThat(last.next()).isEqualTo(hour(3));
		FirePlan once = plan(Misfire.ONCE, Overlap.QUEUE, null, NOON, hour(2), false);
		assertThat(instants(once)).containsExactly(hour(2));
		assertThat(once.missed()).isEqualTo(2);
	}

	@Test
	void ofSeveralOnlyTheLastReplacesThePreviousJob() {
		FirePlan plan = plan(Misfire.ALL, Overlap.CANCEL_RUNNING, null, NOON, hour(2), true);
		assertThat(instants(plan)).containsExactly(hour(2));
		assertThat(plan.cancelsPrevious()).isTrue();
		assertThat(plan.missed()).isEqualTo(2);
		assertThat(plan(Misfire.ALL, Overlap.CANCEL_RUNNING, null, NOON, NOON, false).cancelsPrevious()).isFalse();
	}

	@Test
	void jitterIsTheSameOnEveryNodeAndDiffersFromFireToFire() {
		RecurringDefinition definition = definition(Misfire.ONCE, Overlap.ALLOW, null, Duration.ofMinutes(10));
		List<Duration> delays = IntStream.range(0, 50).mapToObj((hour) -> Jitter.of(definition, hour(hour))).toList();
		assertThat(delays).allSatisfy((delay) -> assertThat(delay).isBetween(Duration.ZERO, Duration.ofMinutes(10)));
		assertThat(delays.stream().distinct().count()).isGreaterThan(45);
		assertThat(Jitter.of(definition, NOON)).isEqualTo(Duration.ofMillis(JITTER_AT_NOON));
	}

	// Written down, since it must be the same in the next release.
	private static final long JITTER_AT_NOON = 380_922;

	private static Instant hour(int hours) {
		return NOON.plus(Duration.ofHours(hours));
	}

	private static List<Instant> instants(FirePlan plan) {
		assertThat(plan.fires()).allMatch(Fire::enqueues);
		return plan.fires().stream().map(Fire::at).toList();
	}

	private static FirePlan plan(Misfire misfire, Overlap overlap, @Nullable Duration catchUp, Instant first,
			Instant now, boolean previousUnderWay) {
		return new FirePlanner(HOURLY)
			.plan(new Due(definition(misfire, overlap, catchUp, Duration.ZERO), first, now, previousUnderWay));
	}

	private static RecurringDefinition definition(Misfire misfire, Overlap overlap, @Nullable Duration catchUp,
			Duration jitter) {
		return new RecurringDefinition("report", "every hour", "UTC", "report", "{}", "default", 0, null, misfire,
				overlap, jitter, catchUp);
	}

}
