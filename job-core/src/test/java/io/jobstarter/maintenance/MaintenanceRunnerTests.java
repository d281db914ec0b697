package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class MaintenanceRunnerTests {

	private static final Duration LONG = Duration.ofDays(1);

	private static final Duration SHORT = Duration.ofMillis(1);

	private @Nullable MaintenanceRunner runner;

	@AfterEach
	void stop() {
		if (this.runner != null) {
			this.runner.stop();
		}
	}

	@ParameterizedTest
	@MethodSource("failures")
	void aDutyThatFailsKeepsNoOtherFromBeingDone(Supplier<? extends Throwable> failure) {
		AtomicInteger failed = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		start(() -> {
			failed.incrementAndGet();
			return sneakyThrow(failure.get());
		}, () -> {
			done.incrementAndGet();
			return SHORT;
		});
		Awaitility.await().untilAtomic(failed, Matchers.greaterThan(1));
		assertThat(done).hasPositiveValue();
		Awaitility.await().untilAtomic(done, Matchers.greaterThan(10));
	}

	static Stream<Supplier<? extends Throwable>> failures() {
		return Stream.of(IllegalStateException::new, NoClassDefFoundError::new, StackOverflowError::new,
				Exception::new);
	}

	@Test
	void doesEachDutyWhenItIsDueAndNotBefore() {
		AtomicInteger often = new AtomicInteger();
		AtomicInteger seldom = new AtomicInteger();
		start(() -> {
			often.incrementAndGet();
			return SHORT;
		}, () -> {
			seldom.incrementAndGet();
			return LONG;
		});
		Awaitility.await().untilAtomic(often, Matchers.greaterThan(10));
		assertThat(seldom).hasValue(1);
	}

	@Test
	void doesADutyAtOnceThatIsInAHurryAndAgainIfThatComesInTheMiddle() {
		AtomicInteger done = new AtomicInteger();
		AtomicReference<Runnable> hurry = new AtomicReference<>();
		start(new MaintenanceDuty() {

			@Override
			public Duration run() {
				if (done.incrementAndGet() == 2) {
					hurry.get().run();
				}
				return LONG;
			}

			@Override
			public void hurriedBy(Runnable action) {
				hurry.set(action);
			}

		});
		Awaitility.await().untilAtomic(done, Matchers.is(1));
		hurry.get().run();
		Awaitility.await().untilAtomic(done, Matchers.is(3));
	}

	@Test
	void tellsOfADutyThatKeepsFailingThoughTheOthersAreDone() {
		AtomicInteger failed = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		MaintenanceRunner started = start(() -> {
			failed.incrementAndGet();
			throw new IllegalStateException("no permission");
		}, () -> {
			done.incrementAndGet();
			return SHORT;
		});
		Awaitility.await().untilAtomic(failed, Matchers.is(1));
		int before = done.get();
		Awaitility.await().untilAtomic(done, Matchers.greaterThan(before + 2));
		assertThat(started.condition()).hasValueSatisfying((condition) -> {
			assertThat(condition.alive()).isTrue();
			assertThat(condition.failuresInARow()).isPositive();
			assertThat(condition.lastFailure()).isEqualTo("java.lang.IllegalStateException: no permission");
		});
	}

	@Test
	void forgetsAFailureOnceTheDutyIsDone() {
		AtomicInteger rounds = new AtomicInteger();
		MaintenanceRunner started = start(() -> {
			if (rounds.incrementAndGet() == 1) {
				throw new IllegalStateException("not yet");
			}
			return LONG;
		});
		Awaitility.await().untilAtomic(rounds, Matchers.is(2));
		Awaitility.await().untilAsserted(() -> assertThat(started.condition()).hasValueSatisfying((condition) -> {
			assertThat(condition.failuresInARow()).isZero();
			assertThat(condition.lastFailure()).isNull();
		}));
	}

	@Test
	void runsFromStartToStopAndCanBeStartedAgain() throws Exception {
		AtomicInteger rounds = new AtomicInteger();
		MaintenanceRunner started = start(() -> {
			rounds.incrementAndGet();
			return LONG;
		});
		assertThat(started.isRunning()).isTrue();
		assertThat(started.getPhase()).isEqualTo(7);
		Awaitility.await().untilAtomic(rounds, Matchers.is(1));
		started.stop();
		assertThat(started.isRunning()).isFalse();
		assertThat(started.condition()).isEmpty();
		started.start();
		assertThat(started.isRunning()).isTrue();
	}

	@Test
	void startsOneThreadHoweverOftenItIsStarted() throws Exception {
		CountDownLatch inDuty = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		MaintenanceRunner started = start(() -> {
			inDuty.countDown();
			awaitUninterrupted(goOn);
			return LONG;
		});
		inDuty.await();
		started.start();
		assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
			.containsOnlyOnce("background-jobs-maintenance");
		goOn.countDown();
	}

	private MaintenanceRunner start(MaintenanceDuty... duties) {
		MaintenanceRunner made = new MaintenanceRunner(List.of(duties), SHORT, 7);
		this.runner = made;
		made.start();
		return made;
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> Duration sneakyThrow(Throwable thrown) throws T {
		throw (T) thrown;
	}

}
