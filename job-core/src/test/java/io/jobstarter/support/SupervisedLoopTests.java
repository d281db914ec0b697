package io.jobstarter.support;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.jobstarter.support.SupervisedLoop.Condition;
import io.jobstarter.support.SupervisedLoop.Step;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

class SupervisedLoopTests {

	private static final Duration LONG = Duration.ofDays(1);

	private static final Duration SHORT = Duration.ofMillis(1);

	private final AtomicInteger rounds = new AtomicInteger();

	private @Nullable SupervisedLoop loop;

	@AfterEach
	void stop() {
		if (this.loop != null) {
			this.loop.requestStop();
			assertThat(this.loop.awaitStop(Duration.ofMinutes(1))).isTrue();
		}
	}

	@Test
	void repeatsItsStepInADaemonThreadOfItsName() {
		AtomicReference<Thread> thread = new AtomicReference<>();
		start(() -> {
			thread.set(Thread.currentThread());
			this.rounds.incrementAndGet();
			return Duration.ZERO;
		});
		Awaitility.await().untilAtomic(this.rounds, greaterThan(3));
		assertThat(thread.get().getName()).isEqualTo("test-loop");
		assertThat(thread.get().isDaemon()).isTrue();
	}

	@Test
	void survivesWhateverAStepThrows() {
		Throwable[] failures = { new IllegalStateException(), new Exception(), new OutOfMemoryError(),
				new StackOverflowError(), new NoClassDefFoundError(), new InterruptedException(), new Throwable() {
				} };
		start(() -> {
			int round = this.rounds.getAndIncrement();
			if (round < failures.length) {
				sneakyThrow(failures[round]);
			}
			return LONG;
		});
		Awaitility.await().untilAtomic(this.rounds, is(failures.length + 1));
		assertThat(loop().condition().alive()).isTrue();
	}

	@Test
	void startsAgainAfterAStop() {
		start(() -> {
			this.rounds.incrementAndGet();
			return LONG;
		});
		Awaitility.await().untilAtomic(this.rounds, greaterThan(0));
		loop().requestStop();
		assertThat(loop().awaitStop(Duration.ofMinutes(1))).isTrue();
		this.rounds.set(0);
		loop().start();
		Awaitility.await().untilAtomic(this.rounds, greaterThan(0));
		assertThat(loop().condition().alive()).isTrue();
	}

	@Test
	void survivesAStepThatReturnsNothing() {
		start(() -> (this.rounds.incrementAndGet() < 3) ? null : LONG);
		Awaitility.await().untilAtomic(this.rounds, is(3));
	}

	@Test
	void tellsOfFailuresUntilARoundIsGood() {
		AtomicReference<Condition> afterFailures = new AtomicReference<>();
		AtomicReference<Condition> afterSuccess = new AtomicReference<>();
		start(() -> {
			switch (this.rounds.incrementAndGet()) {
				case 1, 2, 3 -> throw new IllegalStateException("no\nluck");
				case 4 -> afterFailures.set(loop().condition());
				case 5 -> afterSuccess.set(loop().condition());
				default -> {
					return LONG;
				}
			}
			return Duration.ZERO;
		});
		Awaitility.await().untilAtomic(afterSuccess, notNullValue());
		assertThat(afterFailures)
			.hasValue(new Condition("test-loop", true, 3, "java.lang.IllegalStateException: no luck"));
		assertThat(afterSuccess).hasValue(new Condition("test-loop", true, 0, null));
	}

	@Test
	void isNotAliveBeforeItsStartAndAfterItsEnd() {
		SupervisedLoop idle = new SupervisedLoop("idle", SHORT, () -> LONG);
		assertThat(idle.condition().alive()).isFalse();
		assertThat(idle.awaitStop(SHORT)).isTrue();
		idle.start();
		assertThat(idle.condition().alive()).isTrue();
		idle.requestStop();
		assertThat(idle.awaitStop(Duration.ofMinutes(1))).isTrue();
		assertThat(idle.condition().alive()).isFalse();
	}

	@Test
	void pausesAfterAFailureThatCannotEvenBeTold() {
		AtomicReference<Thread> thread = new AtomicReference<>();
		this.loop = new SupervisedLoop("test-loop", LONG, () -> {
			thread.set(Thread.currentThread());
			throw new Untellable();
		});
		this.loop.start();
		Awaitility.await().until(() -> thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING);
		assertThat(this.loop.condition().lastFailure()).isEqualTo(Untellable.class.getName());
	}

	@Test
	void isWokenFromItsWait() {
		start(() -> {
			this.rounds.incrementAndGet();
			return LONG;
		});
		Awaitility.await().untilAtomic(this.rounds, is(1));
		loop().wake();
		Awaitility.await().untilAtomic(this.rounds, is(2));
	}

	@Test
	void oneMoreRoundFollowsOneDuringWhichItWasWokenHoweverOften() {
		AtomicReference<Thread> thread = new AtomicReference<>();
		start(() -> {
			thread.set(Thread.currentThread());
			if (this.rounds.incrementAndGet() == 1) {
				for (int i = 0; i < 100; i++) {
					loop().wake();
				}
			}
			return LONG;
		});
		Awaitility.await().untilAtomic(this.rounds, is(2));
		Awaitility.await().until(() -> thread.get().getState() == Thread.State.TIMED_WAITING);
		assertThat(this.rounds).hasValue(2);
	}

	@Test
	void stopsWithoutInterruptingTheStepUnderWay() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		AtomicBoolean undisturbed = new AtomicBoolean();
		start(() -> {
			started.countDown();
			undisturbed.set(goOn.await(1, TimeUnit.MINUTES) && !Thread.currentThread().isInterrupted());
			return LONG;
		});
		started.await();
		loop().requestStop();
		assertThat(loop().awaitStop(SHORT)).isFalse();
		goOn.countDown();
		assertThat(loop().awaitStop(Duration.ofMinutes(1))).isTrue();
		assertThat(undisturbed).isTrue();
	}

	@Test
	void stopsFromALongWait() {
		start(() -> {
			this.rounds.incrementAndGet();
			return LONG;
		});
		Awaitility.await().untilAtomic(this.rounds, is(1));
		loop().requestStop();
		assertThat(loop().awaitStop(Duration.ofMinutes(1))).isTrue();
		assertThat(this.rounds).hasValue(1);
	}

	@Test
	void aStepMayStopItsOwnLoop() {
		AtomicBoolean stopped = new AtomicBoolean();
		start(() -> {
			loop().requestStop();
			stopped.set(loop().awaitStop(LONG));
			return LONG;
		});
		Awaitility.await().untilTrue(stopped);
	}

	@Test
	void anInterruptThatAStepLeavesBehindReachesNoLaterRound() {
		AtomicBoolean interrupted = new AtomicBoolean(true);
		start(() -> {
			if (this.rounds.incrementAndGet() == 1) {
				Thread.currentThread().interrupt();
			}
			else {
				interrupted.set(Thread.currentThread().isInterrupted());
			}
			return LONG;
		});
		Awaitility.await().untilFalse(interrupted);
		assertThat(this.rounds).hasValue(2);
	}

	@Test
	void aThreadThatDiesStartsAnother() {
		assumeThat(Runtime.version().feature()).as("threads can be stopped").isLessThan(20);
		AtomicReference<Thread> thread = new AtomicReference<>();
		start(() -> {
			thread.set(Thread.currentThread());
			return SHORT;
		});
		Awaitility.await().until(() -> thread.get() != null);
		Thread first = thread.get();
		// What is stopped again and again may not come to start another one itself.
		SupervisedLoop other = new SupervisedLoop("other-loop", SHORT, () -> SHORT);
		other.start();
		try {
			while (first.isAlive()) {
				ReflectionUtils.invokeMethod(ClassUtils.getMethod(Thread.class, "stop"), first);
			}
			Awaitility.await().until(() -> thread.get() != first && loop().condition().alive());
		}
		finally {
			other.requestStop();
		}
	}

	@Test
	void aThreadThatDiesWithoutAWordIsStartedAgainByAnotherLoop() throws Exception {
		AtomicReference<Thread> thread = new AtomicReference<>();
		start(() -> {
			thread.set(Thread.currentThread());
			return LONG;
		});
		Awaitility.await().until(() -> thread.get() != null);
		SupervisedLoop other = new SupervisedLoop("other-loop", SHORT, () -> SHORT);
		other.start();
		try {
			Thread dead = new Thread(this.rounds::incrementAndGet);
			dead.start();
			dead.join();
			// As if its thread had been that one.
			ReflectionTestUtils.setField(loop(), "thread", dead);
			Awaitility.await().until(() -> loop().condition().alive());
		}
		finally {
			other.requestStop();
		}
		assertThat(other.awaitStop(Duration.ofMinutes(1))).isTrue();
	}

	@Test
	void backsOffTwiceAsLongEachTimeUpToABoundAndByChance() {
		Duration bound = Duration.ofSeconds(6);
		Random random = new Random(8);
		long expected = 100;
		for (int failures = 1; failures < 40; failures++) {
			int inARow = failures;
			List<Duration> pauses = Stream.generate(() -> SupervisedLoop.backoff(inARow, bound, random))
				.limit(200)
				.toList();
			assertThat(pauses).allMatch(between(expected / 2, expected));
			assertThat(pauses.stream().distinct().count()).as("jitter").isGreaterThan(100);
			expected = Math.min(2 * expected, bound.toMillis());
		}
		assertThat(SupervisedLoop.backoff(Integer.MIN_VALUE, bound, random))
			.isLessThanOrEqualTo(Duration.ofMillis(100));
	}

	private static Predicate<Duration> between(long least, long most) {
		return (pause) -> pause.toMillis() >= least && pause.compareTo(Duration.ofMillis(most)) <= 0;
	}

	@Test
	void logsOneLineForManyFailures() {
		Logger logger = (Logger) LoggerFactory.getLogger(SupervisedLoop.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try {
			start(() -> {
				if (this.rounds.incrementAndGet() < 30) {
					throw new IllegalStateException("no luck");
				}
				return LONG;
			});
			Awaitility.await().untilAtomic(this.rounds, is(30));
			assertThat(log.list).singleElement()
				.extracting(ILoggingEvent::getFormattedMessage)
				.asString()
				.contains("test-loop")
				.contains("no luck");
		}
		finally {
			logger.detachAppender(log);
		}
	}

	private void start(Step step) {
		this.loop = new SupervisedLoop("test-loop", SHORT, step);
		this.loop.start();
	}

	private SupervisedLoop loop() {
		SupervisedLoop current = this.loop;
		assertThat(current).isNotNull();
		return current;
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
		throw (T) thrown;
	}

	private static final class Untellable extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException();
		}

	}

}
