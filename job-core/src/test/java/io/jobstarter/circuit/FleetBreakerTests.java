package io.jobstarter.circuit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.MaxRetriesExceededException;
import io.github.resilience4j.retry.Retry;
import io.jobstarter.BreakerState;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobRetry;
import io.jobstarter.JobSnooze;
import io.jobstarter.circuit.FleetBreaker.News;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import io.jobstarter.execution.Permission;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.BreakerRow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * One breaker of a node between its own window and the fleet.
 */
class FleetBreakerTests {

	private static final long ME = 7;

	private static final JobDefinition DEFINITION = new JobDefinition("mail", Set.of(), "a test", null, "default", 0,
			Duration.ofSeconds(30), false, true, List.of(), List.of(), (payload, attempt) -> {
			});

	private final AtomicInteger woken = new AtomicInteger();

	private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();

	private final FleetBreaker breaker = breaker();

	private FleetBreaker breaker() {
		return breaker("smtp", (config) -> config.waitDurationInOpenState(Duration.ofMillis(300)));
	}

	private FleetBreaker breaker(String name, UnaryOperator<CircuitBreakerConfig.Builder> more) {
		this.registry.circuitBreaker(name,
				more.apply(CircuitBreakerConfig.custom()
					.slidingWindowSize(4)
					.minimumNumberOfCalls(4)
					.permittedNumberOfCallsInHalfOpenState(2)).build());
		return new FleetBreaker(name, name, new Resilience4jBreakers(List.of(this.registry), List::of),
				this.woken::incrementAndGet);
	}

	private static boolean refuses(FleetBreaker breaker) {
		return breaker.ask(DEFINITION) instanceof Permission.Refused;
	}

	private static void fail(FleetBreaker breaker, int times) {
		for (int i = 0; i < times; i++) {
			end((Permission.Granted) breaker.ask(DEFINITION), new IOException("down"), null);
		}
	}

	private Permission.Granted granted() {
		return (Permission.Granted) this.breaker.ask(DEFINITION);
	}

	private boolean isRefused() {
		return this.breaker.ask(DEFINITION) instanceof Permission.Refused;
	}

	private void call(@Nullable Throwable error) {
		end(granted(), error, null);
	}

	private static void end(Permission.Granted granted, @Nullable Throwable error, @Nullable InterruptReason why) {
		granted.ended(new Permission.Ending(1_000, error, why));
	}

	private void fail(int times) {
		for (int i = 0; i < times; i++) {
			call(new IOException("down"));
		}
	}

	private BreakerRow row(BreakerState state, @Nullable Duration left, @Nullable Long prober) {
		return new BreakerRow("smtp", state, 5, 2, left, prober, prober != null);
	}

	private void hear(BreakerRow row) {
		this.breaker.follow(row, System.nanoTime(), ME);
	}

	private int counted() {
		return this.breaker.local().counted();
	}

	@Test
	void tellsThatItHasOpenedAndParksWhatComesThen() {
		fail(3);
		assertThat(this.breaker.news()).isNull();
		fail(1);
		News news = this.breaker.news();
		assertThat(news).isNotNull();
		assertThat(news.to()).isEqualTo(BreakerState.OPEN);
		assertThat(news.decidedOn()).isNull();
		assertThat(news.reason()).isEqualTo("failure rate 100 %, last error java.io.IOException");
		assertThat(this.woken).hasValue(1);
		assertThat(this.breaker.ask(DEFINITION)).isEqualTo(
				new Permission.Refused(new JobOutcome.Parked("circuit:smtp"), "the circuit breaker 'smtp' is open"));
	}

	@Test
	void opensWhenAnotherNodeHasAndStaysSoThoughItsOwnTimeIsOver() {
		hear(row(BreakerState.OPEN, Duration.ofMillis(1), null));
		for (int i = 0; i < 1_000; i++) {
			assertThat(isRefused()).isTrue();
		}
		assertThat(this.breaker.news()).isNull();
		assertThat(this.breaker.untilProbes()).isLessThan(Duration.ofSeconds(1));
		hear(BreakerRow.closed("smtp"));
		call(null);
		assertThat(this.breaker.local().state()).isEqualTo(BreakerState.CLOSED);
	}

	@Test
	void letsExactlyTheProbesThroughWhereItIsTheProber() {
		hear(row(BreakerState.OPEN, Duration.ZERO, null));
		hear(row(BreakerState.HALF_OPEN, null, ME));
		List<Permission.Granted> probes = new ArrayList<>(List.of(granted(), granted()));
		assertThat(isRefused()).isTrue();
		probes.forEach((probe) -> end(probe, null, null));
		News news = this.breaker.news();
		assertThat(news).isNotNull();
		assertThat(news.to()).isEqualTo(BreakerState.CLOSED);
		assertThat(news.decidedOn()).isEqualTo(row(BreakerState.HALF_OPEN, null, ME));
	}

	@Test
	void letsNothingThroughWhileAnotherNodeProbes() {
		hear(row(BreakerState.HALF_OPEN, null, ME + 1));
		assertThat(isRefused()).isTrue();
		assertThat(this.breaker.wantsProbes(ME)).isZero();
	}

	@Test
	void opensAgainWhenItsProbesFail() {
		hear(row(BreakerState.HALF_OPEN, null, ME));
		fail(2);
		News news = this.breaker.news();
		assertThat(news).isNotNull();
		assertThat(news.to()).isEqualTo(BreakerState.OPEN);
		assertThat(news.reason()).isEqualTo("its probes failed, last error java.io.IOException");
		assertThat(news.decidedOn()).isEqualTo(row(BreakerState.HALF_OPEN, null, ME));
	}

	@Test
	void whatWasPermittedBeforeATurnDecidesNothingAfterIt() {
		Permission.Granted slow = granted();
		Permission.Granted slower = granted();
		hear(row(BreakerState.OPEN, Duration.ZERO, null));
		hear(row(BreakerState.HALF_OPEN, null, ME));
		end(slow, new IOException("down"), null);
		end(slower, null, InterruptReason.SHUTDOWN);
		assertThat(counted()).isZero();
		end(granted(), null, null);
		granted();
		assertThat(isRefused()).isTrue();
	}

	@Test
	void signalsAndInterruptsOfTheEngineAndOtherBreakersCountForNothing() {
		call(JobSnooze.by(Duration.ofSeconds(1)));
		call(JobDiscard.because("gone"));
		call(new IOException(
				CallNotPermittedException.createCallNotPermittedException(CircuitBreaker.ofDefaults("c"))));
		end(granted(), new InterruptedException(), InterruptReason.SHUTDOWN);
		end(granted(), new InterruptedException(), InterruptReason.LEASE);
		end(granted(), new InterruptedException(), InterruptReason.CANCEL);
		granted().unused();
		assertThat(counted()).isZero();
		assertThat(this.breaker.isDispensable()).isTrue();
	}

	@Test
	void failuresRetriesAndTimeoutsCount() {
		call(new IOException("down"));
		call(JobRetry.after(Duration.ofSeconds(1)));
		end(granted(), new InterruptedException(), InterruptReason.TIMEOUT);
		assertThat(counted()).isEqualTo(3);
		call(null);
		assertThat(this.breaker.news()).isNotNull();
	}

	@Test
	void whatIsIgnoredFreesAProbe() {
		hear(row(BreakerState.HALF_OPEN, null, ME));
		assertThat(this.breaker.wantsProbes(ME)).isEqualTo(2);
		call(JobSnooze.by(Duration.ofSeconds(1)));
		assertThat(this.breaker.wantsProbes(ME)).isEqualTo(2);
		Permission.Granted running = granted();
		call(null);
		assertThat(this.breaker.wantsProbes(ME)).isZero();
		end(running, JobDiscard.because("gone"), null);
		assertThat(this.breaker.wantsProbes(ME)).isOne();
	}

	@Test
	void doesNotFollowWhatIsOlderThanWhatItKnows() {
		long before = System.nanoTime();
		hear(row(BreakerState.OPEN, Duration.ofHours(1), null));
		this.breaker.follow(BreakerRow.closed("smtp"), before, ME);
		assertThat(isRefused()).isTrue();
	}

	@Test
	void followsNobodyButAnOperatorUntilItsNewsAreTold() {
		fail(4);
		hear(BreakerRow.closed("smtp"));
		assertThat(this.breaker.local().state()).isEqualTo(BreakerState.OPEN);
		hear(row(BreakerState.FORCED_CLOSED, null, null));
		fail(20);
		assertThat(this.breaker.news()).isNull();
		hear(row(BreakerState.FORCED_OPEN, null, null));
		assertThat(isRefused()).isTrue();
	}

	@Test
	void givesInWhenTheFleetKnowsBetter() {
		fail(4);
		News news = this.breaker.news();
		assertThat(news).isNotNull();
		this.breaker.overruled(news, BreakerRow.closed("smtp"), ME);
		assertThat(this.breaker.news()).isNull();
		call(null);
	}

	@Test
	void probesByItselfWhereTheFleetCannotBeTold() {
		fail(4);
		await().until(() -> !isRefused());
		assertThat(this.breaker.local().state()).isEqualTo(BreakerState.HALF_OPEN);
	}

	@Test
	void staysOpenAfterItsOwnProbesFailedThoughItsOwnTimeIsOver() {
		FleetBreaker quick = breaker("quick", (config) -> config.waitDurationInOpenState(Duration.ofMillis(1)));
		quick.follow(row(BreakerState.OPEN, Duration.ZERO, null), System.nanoTime(), ME);
		quick.follow(row(BreakerState.HALF_OPEN, null, ME), System.nanoTime(), ME);
		fail(quick, 2);
		News news = quick.news();
		assertThat(news).isNotNull();
		quick.overruled(news, row(BreakerState.OPEN, Duration.ofMillis(1), null), ME);
		long over = System.nanoTime() + Duration.ofMillis(10).toNanos();
		while (System.nanoTime() - over < 0) {
			assertThat(refuses(quick)).isTrue();
		}
	}

	@Test
	void whatIsPermittedRightAfterATurnCounts() {
		List<Permission> probes = new ArrayList<>();
		List<FleetBreaker> made = new ArrayList<>();
		this.registry.getEventPublisher()
			.onEntryAdded((added) -> added.getAddedEntry().getEventPublisher().onStateTransition((turned) -> {
				if (turned.getStateTransition().getToState() == CircuitBreaker.State.HALF_OPEN) {
					probes.add(made.get(0).ask(DEFINITION));
				}
			}));
		made.add(breaker("raced", (config) -> config));
		made.get(0).follow(row(BreakerState.HALF_OPEN, null, ME), System.nanoTime(), ME);
		probes.add(made.get(0).ask(DEFINITION));
		probes.forEach((probe) -> end((Permission.Granted) probe, null, null));
		News news = made.get(0).news();
		assertThat(news).isNotNull();
		assertThat(news.to()).isEqualTo(BreakerState.CLOSED);
	}

	@Test
	void aHostileExceptionCountsAndFreesItsProbe() {
		call(new IOException("down") {

			@Override
			public synchronized Throwable getCause() {
				throw new IllegalStateException("no cause");
			}

		});
		assertThat(counted()).isOne();
		assertThat(this.breaker.isDispensable()).isTrue();
	}

	@Test
	void aPredicateThatThrowsKeepsNoProbe() {
		FleetBreaker hostile = breaker("hostile", (config) -> config.recordException((error) -> {
			throw new IllegalStateException("no answer");
		}));
		hostile.follow(row(BreakerState.HALF_OPEN, null, ME), System.nanoTime(), ME);
		for (int i = 0; i < 5; i++) {
			assertThatIllegalStateException().isThrownBy(() -> fail(hostile, 1));
		}
		assertThat(hostile.wantsProbes(ME)).isEqualTo(2);
	}

	@Test
	void aRetryOfTheClientThatGaveUpCounts() {
		call(MaxRetriesExceededException.createMaxRetriesExceededException(Retry.ofDefaults("client")));
		assertThat(counted()).isOne();
	}

	@Test
	void isOpenForEverWhereNobodyCanCountTheTime() {
		hear(row(BreakerState.OPEN, Duration.ofDays(365_250), null));
		assertThat(isRefused()).isTrue();
		assertThat(this.breaker.wantsProbes(ME)).isZero();
	}

	@Test
	void aFunctionOfItsWaitsThatThrowsIsReplaced() {
		FleetBreaker hostile = breaker("hostile", (config) -> config.waitIntervalFunctionInOpenState((openings) -> {
			if (openings > 1) {
				throw new IllegalStateException("too often");
			}
			return 5L;
		}));
		assertThat(hostile.local().waitAfter(1)).isEqualTo(Duration.ofMillis(5));
		assertThat(hostile.local().waitAfter(2)).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void leavesItToOthersToProbeWhatItHasNoJobsFor() {
		long later = System.nanoTime() + Duration.ofMinutes(1).toNanos();
		assertThat(this.breaker.isIdleProber(true, later)).isFalse();
		hear(row(BreakerState.HALF_OPEN, null, ME));
		assertThat(this.breaker.isIdleProber(false, later)).isFalse();
		Permission.Granted probe = granted();
		later += Duration.ofMinutes(1).toNanos();
		assertThat(this.breaker.isIdleProber(true, later)).isFalse();
		end(probe, null, null);
		later += Duration.ofMinutes(1).toNanos();
		assertThat(this.breaker.isIdleProber(true, later)).isFalse();
		later += Duration.ofSeconds(1).toNanos();
		assertThat(this.breaker.isIdleProber(true, later)).isFalse();
		later += Duration.ofMinutes(1).toNanos();
		assertThat(this.breaker.isIdleProber(true, later)).isTrue();
	}

	@Test
	void knowsWhatItBecameTheProberOfUnderAnotherId() {
		FleetBreakers breakers = new FleetBreakers(new Resilience4jBreakers(List.of(this.registry), List::of),
				Set.of("smtp"), this.woken::incrementAndGet);
		breakers.worker(ME);
		assertThat(breakers.wasProbedBefore(row(BreakerState.HALF_OPEN, null, ME))).isFalse();
		breakers.worker(ME + 1);
		assertThat(breakers.wasProbedBefore(row(BreakerState.HALF_OPEN, null, ME))).isTrue();
		assertThat(breakers.wasProbedBefore(row(BreakerState.HALF_OPEN, null, ME + 1))).isFalse();
		assertThat(breakers.wasProbedBefore(row(BreakerState.OPEN, Duration.ZERO, ME))).isFalse();
	}

	@Test
	void asksLessOftenWhereThereIsNothingToProbeWith() {
		hear(row(BreakerState.OPEN, Duration.ZERO, null));
		this.breaker.asksForProbes();
		this.breaker.gotProbes(false);
		await().until(() -> System.nanoTime() - this.breaker.probedAt() > Duration.ofMillis(600).toNanos());
		assertThat(this.breaker.wantsProbes(ME)).isZero();
		this.breaker.gotProbes(true);
		assertThat(this.breaker.wantsProbes(ME)).isEqualTo(2);
	}

	@Test
	void wantsToProbeWhenItsTimeHasComeAndItsProberIsGone() {
		hear(row(BreakerState.OPEN, Duration.ofHours(1), null));
		assertThat(this.breaker.wantsProbes(ME)).isZero();
		hear(row(BreakerState.OPEN, Duration.ZERO, null));
		assertThat(this.breaker.wantsProbes(ME)).isEqualTo(2);
		this.breaker.asksForProbes();
		assertThat(this.breaker.wantsProbes(ME)).isZero();
		hear(new BreakerRow("smtp", BreakerState.HALF_OPEN, 6, 2, null, ME + 1, false));
		await().until(() -> this.breaker.wantsProbes(ME) == 2);
	}

	@Test
	void standsInTheRegistryOfTheApplicationUnderANameOfItsOwn() {
		fail(4);
		assertThat(this.registry.circuitBreaker("background-jobs.smtp").getState())
			.isEqualTo(CircuitBreaker.State.OPEN);
		assertThat(this.registry.circuitBreaker("smtp").getState()).isEqualTo(CircuitBreaker.State.CLOSED);
		assertThat(new Resilience4jBreakers(List.of(this.registry), List::of).instances()).containsExactly("smtp");
	}

}
