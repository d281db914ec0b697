package io.jobstarter.execution;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.jobstarter.Backoff;
import io.jobstarter.DeadReason;
import io.jobstarter.DiscardOn;
import io.jobstarter.DueTime;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobInterceptor;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.JobRetry;
import io.jobstarter.JobSnooze;
import io.jobstarter.JobTimeoutException;
import io.jobstarter.RetryOn;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import io.jobstarter.execution.TestDefinitions.Greeting;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.InvalidHandlerException;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobInvoker;
import io.jobstarter.policy.RetryPolicy;
import io.jobstarter.policy.RuleCounts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.jobstarter.execution.TestDefinitions.calling;
import static io.jobstarter.execution.TestDefinitions.context;
import static io.jobstarter.execution.TestDefinitions.transactional;
import static io.jobstarter.execution.TestDefinitions.withRulesOf;
import static io.jobstarter.execution.TestDefinitions.withoutDeadLetter;
import static io.jobstarter.execution.TestDefinitions.withoutPayload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

class JobExecutionTests {

	private static final Duration WAIT = Duration.ofSeconds(7);

	private static final RetryPolicy TWICE = (failures, error) -> (failures < 2) ? Optional.of(WAIT) : Optional.empty();

	private static final JobInvoker NOTHING = (payload, attempt) -> {
	};

	private final JobPayloadSerializer serializer = new JacksonPayloadSerializer();

	private final AttemptContext context = context();

	@AfterEach
	void noInterruptIsLeftToTheThread() {
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void handsPayloadAndAttemptToTheHandler() {
		AtomicReference<Object> seen = new AtomicReference<>();
		JobOutcome outcome = run(calling((payload, attempt) -> {
			assertThat(attempt).isSameAs(this.context);
			seen.set(payload);
		}));
		assertThat(outcome).isEqualTo(new JobOutcome.Succeeded());
		assertThat(seen).hasValue(new Greeting("Ada"));
	}

	@Test
	void readsNoPayloadForAHandlerThatTakesNone() {
		AtomicReference<Object> seen = new AtomicReference<>("untouched");
		JobDefinition definition = withoutPayload(calling((payload, attempt) -> seen.set(payload)));
		assertThat(run(definition, "not json")).isEqualTo(new JobOutcome.Succeeded());
		assertThat(seen).hasValue(null);
	}

	@ParameterizedTest
	@MethodSource("whatHandlersThrow")
	void whateverAHandlerThrowsIsAFailedAttempt(Throwable thrown) {
		assertThat(run(calling((payload, attempt) -> sneakyThrow(thrown)))).asInstanceOf(type(JobOutcome.Retried.class))
			.satisfies((retried) -> {
				assertThat(retried.delay()).isEqualTo(WAIT);
				assertThat(retried.failure().errorClass()).isEqualTo(thrown.getClass().getName());
			});
	}

	static Stream<Throwable> whatHandlersThrow() {
		return Stream.of(new IllegalStateException(), new IOException(), new OutOfMemoryError(),
				new StackOverflowError(), new NoClassDefFoundError(), new ExceptionInInitializerError(),
				new AssertionError(), new InterruptedException(), new Throwable() {
				});
	}

	@Test
	void aHandlerThatNeverStopsRecursingFails() {
		assertThat(run(calling((payload, attempt) -> recurse(1)))).asInstanceOf(type(JobOutcome.Retried.class))
			.extracting((retried) -> retried.failure().errorClass())
			.isEqualTo(StackOverflowError.class.getName());
	}

	@Test
	void isDeadWithItsLastFailureOnceOutOfAttempts() {
		JobDefinition failing = calling((payload, attempt) -> {
			throw new IOException("no answer");
		});
		assertThat(run(failing, 1, TWICE)).asInstanceOf(type(JobOutcome.Dead.class)).satisfies((dead) -> {
			assertThat(dead.reason()).isEqualTo(DeadReason.EXHAUSTED);
			assertThat(dead.failure().message()).isEqualTo("no answer");
		});
	}

	@Test
	void isDiscardedOnceOutOfAttemptsWhereNoDeadLetterIsKept() {
		JobDefinition failing = withoutDeadLetter(calling((payload, attempt) -> {
			throw new IOException("no answer");
		}));
		assertThat(run(failing, 1, TWICE)).asInstanceOf(type(JobOutcome.Discarded.class)).satisfies((discarded) -> {
			assertThat(discarded.reason()).isEqualTo("out of attempts");
			assertThat(discarded.failure()).isNotNull();
		});
	}

	@Test
	void anUnreadablePayloadIsDeadAtOnceAndNeverReachesTheHandler() {
		AtomicBoolean called = new AtomicBoolean();
		JobOutcome outcome = run(calling((payload, attempt) -> called.set(true)), "{\"name\":");
		assertThat(outcome).asInstanceOf(type(JobOutcome.Dead.class))
			.extracting(JobOutcome.Dead::reason)
			.isEqualTo(DeadReason.UNREADABLE);
		assertThat(called).isFalse();
	}

	// Or a release that renames a field would drop every job that is there.
	@Test
	void anUnreadablePayloadIsDeadEvenWhereNoDeadLetterIsKept() {
		assertThat(run(withoutDeadLetter(calling(NOTHING)), "{\"name\":")).isInstanceOf(JobOutcome.Dead.class);
	}

	@Test
	void whatASerializerReturnsOfAnotherTypeIsUnreadable() {
		JobOutcome outcome = execution(calling(NOTHING), reading(() -> "a string"), List.of(), TWICE)
			.run(request(calling(NOTHING), "{}", 0));
		assertThat(outcome).asInstanceOf(type(JobOutcome.Dead.class)).satisfies((dead) -> {
			assertThat(dead.reason()).isEqualTo(DeadReason.UNREADABLE);
			assertThat(dead.failure().errorClass()).isEqualTo(InvalidPayloadException.class.getName());
		});
	}

	@Test
	void aPayloadThatFoundNoMemoryIsReadAnotherTime() {
		JobDefinition definition = calling(NOTHING);
		JobOutcome outcome = execution(definition, reading(() -> {
			throw new OutOfMemoryError();
		}), List.of(), TWICE).run(request(definition, "{}", 0));
		assertThat(outcome).isInstanceOf(JobOutcome.Retried.class);
	}

	@Test
	void signalsDecide() {
		assertThat(run(calling((payload, attempt) -> {
			throw JobRetry.after(Duration.ofDays(1), new IOException("busy"));
		}))).asInstanceOf(type(JobOutcome.Retried.class))
			.extracting(JobOutcome.Retried::delay)
			.isEqualTo(Duration.ofDays(1));
		assertThat(run(calling((payload, attempt) -> {
			throw JobSnooze.by(Duration.ofDays(1));
		}))).isEqualTo(new JobOutcome.Snoozed(new DueTime.In(Duration.ofDays(1)), "its handler put it off"));
		assertThat(run(calling((payload, attempt) -> {
			throw JobDiscard.because("gone\u0000" + "x".repeat(5_000));
		}))).asInstanceOf(type(JobOutcome.Discarded.class)).satisfies((discarded) -> {
			assertThat(discarded.reason()).startsWith("gone\uFFFDx").hasSize(1_000);
			assertThat(discarded.failure()).isNull();
		});
	}

	@Test
	void annotationsDecideAndTheRuleIsNamed() {
		JobDefinition definition = withRulesOf(Ruled.class, (payload, attempt) -> {
			throw new IOException();
		});
		assertThat(run(definition)).asInstanceOf(type(JobOutcome.Retried.class)).satisfies((retried) -> {
			assertThat(retried.delay()).isEqualTo(Duration.ofSeconds(1));
			assertThat(retried.rule()).isNotNull();
		});
		assertThat(run(withRulesOf(Ruled.class, (payload, attempt) -> {
			throw new IllegalArgumentException("nobody");
		}))).asInstanceOf(type(JobOutcome.Discarded.class)).satisfies((discarded) -> {
			assertThat(discarded.reason()).isEqualTo(IllegalArgumentException.class.getName());
			assertThat(discarded.failure()).extracting("message").isEqualTo("nobody");
		});
	}

	@Test
	void aConflictOfATransactionalHandlerUsesNoAttempt() {
		JobInvoker conflicting = (payload, attempt) -> {
			throw new RuntimeException(new SQLException("could not serialize", "40001"));
		};
		assertThat(run(transactional(calling(conflicting)))).isInstanceOf(JobOutcome.Snoozed.class);
		assertThat(run(calling(conflicting))).isInstanceOf(JobOutcome.Retried.class);
	}

	@Test
	void anSqlExceptionWithoutAStateFailsATransactionalHandlerAsAnyOther() {
		assertThat(run(transactional(calling((payload, attempt) -> {
			throw new SQLException("the pool is closed");
		})))).isInstanceOf(JobOutcome.Retried.class);
	}

	@Test
	void aPolicyThatFailsItselfLeavesTheDecisionToTheDefault() {
		RetryPolicy broken = (failures, error) -> {
			throw new ArithmeticException("long overflow");
		};
		JobDefinition failing = calling((payload, attempt) -> {
			throw new IOException();
		});
		assertThat(run(failing, 0, broken)).asInstanceOf(type(JobOutcome.Retried.class))
			.extracting(JobOutcome.Retried::delay)
			.isNotNull();
		assertThat(run(failing, 9, broken)).isInstanceOf(JobOutcome.Dead.class);
	}

	@Test
	void aRuleThatCannotBeStopsTheStartAndNamesTheHandler() {
		JobDefinition definition = withRulesOf(Unruly.class, NOTHING);
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> execution(definition, this.serializer, List.of(), TWICE))
			.withMessageContaining("the test's handler")
			.withMessageContaining("'soon' is not a duration");
	}

	@Test
	void interceptorsRunAroundTheHandlerInOrder() {
		List<String> calls = new ArrayList<>();
		JobInterceptor outer = recording("outer", calls);
		JobInterceptor inner = recording("inner", calls);
		JobDefinition definition = calling((payload, attempt) -> calls.add("handler"));
		execution(definition, this.serializer, List.of(outer, inner), TWICE)
			.run(request(definition, "{\"name\":\"Ada\"}", 0));
		assertThat(calls).containsExactly("outer in", "inner in", "handler", "inner out", "outer out");
	}

	@Test
	void whatLeavesAnInterceptorCountsAsTheHandlers() {
		JobDefinition definition = calling(NOTHING);
		JobInterceptor before = (attempt, next) -> {
			throw JobDiscard.because("not today");
		};
		JobInterceptor after = (attempt, next) -> {
			next.proceed();
			throw new IOException("too late");
		};
		assertThat(run(definition, before)).isEqualTo(new JobOutcome.Discarded("not today", null));
		assertThat(run(definition, after)).asInstanceOf(type(JobOutcome.Retried.class))
			.extracting((retried) -> retried.failure().message())
			.isEqualTo("too late");
	}

	@Test
	void anInterceptorSeesWhatTheHandlerThrew() {
		IOException thrown = new IOException();
		AtomicReference<Throwable> seen = new AtomicReference<>();
		JobInterceptor watching = (attempt, next) -> {
			try {
				next.proceed();
			}
			catch (Exception ex) {
				seen.set(ex);
				throw ex;
			}
		};
		run(calling((payload, attempt) -> {
			throw thrown;
		}), watching);
		assertThat(seen).hasValue(thrown);
	}

	@ParameterizedTest
	@EnumSource(InterruptReason.class)
	void aReasonInterruptsTheBody(InterruptReason reason) {
		JobOutcome outcome = run(calling((payload, attempt) -> {
			this.context.interrupt(reason);
			assertThat(attempt.isCancellationRequested()).isTrue();
			new CountDownLatch(1).await();
		}));
		switch (reason) {
			case CANCEL -> assertThat(outcome).isEqualTo(new JobOutcome.Cancelled());
			case SHUTDOWN, LEASE -> assertThat(outcome).isInstanceOf(JobOutcome.Returned.class);
			case TIMEOUT -> assertThat(outcome).asInstanceOf(type(JobOutcome.Retried.class))
				.extracting((retried) -> retried.failure())
				.satisfies((failure) -> {
					assertThat(failure.errorClass()).isEqualTo(JobTimeoutException.class.getName());
					assertThat(failure.message()).contains("PT30S");
					assertThat(failure.stackTrace()).contains("Caused by: " + InterruptedException.class.getName());
				});
		}
	}

	@ParameterizedTest
	@EnumSource(InterruptReason.class)
	void aBodyThatReturnsNormallyHasSucceededWhateverItWasAsked(InterruptReason reason) {
		assertThat(run(calling((payload, attempt) -> this.context.interrupt(reason))))
			.isEqualTo(new JobOutcome.Succeeded());
	}

	@Test
	void theFirstReasonCounts() {
		JobOutcome outcome = run(calling((payload, attempt) -> {
			assertThat(this.context.interrupt(InterruptReason.CANCEL)).isTrue();
			assertThat(this.context.interrupt(InterruptReason.SHUTDOWN)).isFalse();
			throw new IOException();
		}));
		assertThat(outcome).isEqualTo(new JobOutcome.Cancelled());
	}

	@Test
	void anInterruptBeforeTheBodyReachesTheBodyAndNothingBefore() {
		AtomicBoolean whileReading = new AtomicBoolean();
		AtomicBoolean inBody = new AtomicBoolean();
		JobDefinition definition = calling((payload, attempt) -> inBody.set(Thread.currentThread().isInterrupted()));
		this.context.interrupt(InterruptReason.SHUTDOWN);
		execution(definition, reading(() -> {
			whileReading.set(Thread.currentThread().isInterrupted());
			return new Greeting("Ada");
		}), List.of(), TWICE).run(request(definition, "{}", 0));
		assertThat(whileReading).isFalse();
		assertThat(inBody).isTrue();
	}

	@Test
	void anInterruptAfterTheBodyReachesNobody() {
		run(calling(NOTHING));
		this.context.interrupt(InterruptReason.TIMEOUT);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void anInterruptThatTheBodyDidNotTakeEndsWithIt() {
		run(calling((payload, attempt) -> {
			Thread.currentThread().interrupt();
			throw new IOException();
		}));
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void interceptorsArePartOfTheBody() {
		AtomicBoolean interrupted = new AtomicBoolean();
		run(calling(NOTHING), (attempt, next) -> {
			next.proceed();
			this.context.interrupt(InterruptReason.CANCEL);
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		assertThat(interrupted).isTrue();
	}

	@Test
	void noInterruptOutlivesItsBodyHoweverTheTwoRace() throws Exception {
		JobDefinition definition = calling((payload, attempt) -> attempt.isCancellationRequested());
		JobExecution execution = execution(definition, this.serializer, List.of(), TWICE);
		for (int i = 0; i < 500; i++) {
			AttemptContext racing = context();
			CountDownLatch go = new CountDownLatch(1);
			Thread other = new Thread(() -> {
				go.countDown();
				racing.interrupt(InterruptReason.SHUTDOWN);
			});
			other.start();
			go.await();
			execution.run(new AttemptRequest(definition, "{\"name\":\"Ada\"}", racing, 0, RuleCounts.NONE,
					InstantSource.system()));
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
			other.join();
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
		}
	}

	@Test
	void runNowGoesThroughTheInterceptorsAndThrowsWhatTheHandlerThrew() {
		IOException thrown = new IOException();
		List<String> calls = new ArrayList<>();
		JobDefinition definition = calling((payload, attempt) -> {
			throw thrown;
		});
		JobExecution execution = execution(definition, this.serializer, List.of(recording("around", calls)), TWICE);
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> execution.runNow(definition, new Greeting("Ada"), this.context))
			.isSameAs(thrown);
		assertThat(calls).containsExactly("around in");
	}

	private JobOutcome run(JobDefinition definition) {
		return run(definition, "{\"name\":\"Ada\"}");
	}

	private JobOutcome run(JobDefinition definition, String payload) {
		return execution(definition, this.serializer, List.of(), TWICE).run(request(definition, payload, 0));
	}

	private JobOutcome run(JobDefinition definition, JobInterceptor interceptor) {
		return execution(definition, this.serializer, List.of(interceptor), TWICE)
			.run(request(definition, "{\"name\":\"Ada\"}", 0));
	}

	private JobOutcome run(JobDefinition definition, int failuresBefore, RetryPolicy policy) {
		return execution(definition, this.serializer, List.of(), policy)
			.run(request(definition, "{\"name\":\"Ada\"}", failuresBefore));
	}

	private AttemptRequest request(JobDefinition definition, String payload, int failuresBefore) {
		return new AttemptRequest(definition, payload, this.context, failuresBefore, RuleCounts.NONE,
				InstantSource.system());
	}

	private static JobExecution execution(JobDefinition definition, JobPayloadSerializer serializer,
			List<JobInterceptor> interceptors, RetryPolicy policy) {
		return new JobExecution(new HandlerRegistry(List.of(definition)), serializer, interceptors,
				UnaryOperator.identity(), policy, List.of());
	}

	private static JobInterceptor recording(String name, List<String> calls) {
		return (attempt, next) -> {
			calls.add(name + " in");
			next.proceed();
			calls.add(name + " out");
		};
	}

	private static JobPayloadSerializer reading(Supplier<Object> payload) {
		return new JobPayloadSerializer() {
			@Override
			public String serialize(Object object) {
				throw new UnsupportedOperationException();
			}

			@Override
			@SuppressWarnings("unchecked")
			public <P> P deserialize(String text, Class<P> target) {
				return (P) payload.get();
			}
		};
	}

	private static int recurse(int depth) {
		return recurse(depth + 1) + 1;
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
		throw (T) thrown;
	}

	@RetryOn(value = IOException.class, delay = "1s", backoff = Backoff.FIXED, jitter = 0)
	@DiscardOn(IllegalArgumentException.class)
	private static final class Ruled {

	}

	@RetryOn(value = IOException.class, delay = "soon")
	private static final class Unruly {

	}

}
