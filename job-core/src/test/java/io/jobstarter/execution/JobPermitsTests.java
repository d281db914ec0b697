package io.jobstarter.execution;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.jobstarter.DueTime;
import io.jobstarter.JobNotPermittedException;
import io.jobstarter.JobOutcome;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import io.jobstarter.execution.Permission.Ending;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobInvoker;
import io.jobstarter.policy.RuleCounts;
import org.junit.jupiter.api.Test;

import static io.jobstarter.execution.TestDefinitions.calling;
import static io.jobstarter.execution.TestDefinitions.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that an attempt begins only if all permits are granted, and that each of them
 * hears how it ended.
 */
class JobPermitsTests {

	private static final JobOutcome LATER = new JobOutcome.Snoozed(new DueTime.In(Duration.ofSeconds(9)));

	private final AttemptContext context = context();

	private final List<String> heard = new ArrayList<>();

	private final List<Ending> endings = new ArrayList<>();

	@Test
	void aGrantedAttemptIsToldHowItEnded() {
		JobOutcome outcome = run((payload, attempt) -> this.heard.add("handler"), granting("a"), granting("b"));
		assertThat(outcome).isEqualTo(new JobOutcome.Succeeded());
		assertThat(this.heard).containsExactly("a asked", "b asked", "interceptor", "handler", "a ended", "b ended");
		assertThat(this.endings).allSatisfy((ending) -> {
			assertThat(ending.nanos()).isPositive();
			assertThat(ending.error()).isNull();
			assertThat(ending.interrupted()).isNull();
		});
	}

	@Test
	void tellsWhatWasThrownAndWhyItWasInterrupted() {
		IOException error = new IOException("cut off");
		JobOutcome outcome = run((payload, attempt) -> {
			this.context.interrupt(InterruptReason.TIMEOUT);
			throw error;
		}, granting("a"));
		assertThat(outcome).isInstanceOf(JobOutcome.Retried.class);
		assertThat(this.endings).singleElement().satisfies((ending) -> {
			assertThat(ending.error()).isSameAs(error);
			assertThat(ending.interrupted()).isEqualTo(InterruptReason.TIMEOUT);
		});
	}

	@Test
	void aRefusedAttemptDoesNotBeginAndGivesBackWhatWasGranted() {
		JobOutcome outcome = run((payload, attempt) -> this.heard.add("handler"), granting("a"), refusing(),
				granting("never"));
		assertThat(outcome).isSameAs(LATER);
		assertThat(this.heard).containsExactly("a asked", "refused", "a unused");
	}

	@Test
	void anAttemptThatIsNotMadeAfterAllGivesItsPermissionsBackOnce() {
		JobDefinition definition = calling((payload, attempt) -> this.heard.add("handler"));
		PreparedAttempt attempt = execution(definition, granting("a")).prepare(request(definition));
		assertThat(attempt.refusal()).isNull();
		attempt.unused();
		attempt.unused();
		assertThat(this.heard).containsExactly("a asked", "a unused");
	}

	@Test
	void anAttemptThatWasMadeGivesNothingBack() {
		JobDefinition definition = calling((payload, attempt) -> this.heard.add("handler"));
		PreparedAttempt attempt = execution(definition, granting("a")).prepare(request(definition));
		attempt.run();
		attempt.unused();
		assertThat(this.heard).containsExactly("a asked", "interceptor", "handler", "a ended");
	}

	@Test
	void aJobThatWasCancelledMeanwhileDoesNotComeBackForAPermit() {
		this.context.interrupt(InterruptReason.CANCEL);
		assertThat(run((payload, attempt) -> this.heard.add("handler"), refusing()))
			.isEqualTo(new JobOutcome.Cancelled());
	}

	@Test
	void permitsThatFailAreAFailedAttempt() {
		JobPermits failing = (definition, payload) -> {
			throw new IllegalStateException("no key");
		};
		JobOutcome outcome = run((payload, attempt) -> this.heard.add("handler"), granting("a"), failing);
		assertThat(outcome).isInstanceOf(JobOutcome.Retried.class);
		assertThat(this.heard).containsExactly("a asked", "a unused");
	}

	@Test
	void aPermitThatFailsToCountChangesNothing() {
		JobPermits failing = (definition, payload) -> new Permission.Granted() {
			@Override
			public void ended(Ending ending) {
				throw new IllegalStateException("no window");
			}
		};
		assertThat(run((payload, attempt) -> this.heard.add("handler"), failing, granting("b")))
			.isEqualTo(new JobOutcome.Succeeded());
		assertThat(this.heard).endsWith("b ended");
	}

	@Test
	void runningNowThrowsWhereItMayNot() throws Exception {
		JobDefinition definition = calling((payload, attempt) -> this.heard.add("handler"));
		assertThatExceptionOfType(JobNotPermittedException.class)
			.isThrownBy(() -> execution(definition, refusing()).runNow(definition, null, this.context))
			.withMessage("This " + definition.name() + " may not run now: too many");
		execution(definition, granting("a")).runNow(definition, null, this.context);
		assertThat(this.heard).containsExactly("refused", "a asked", "interceptor", "handler", "a ended");
	}

	private JobOutcome run(JobInvoker invoker, JobPermits... permits) {
		JobDefinition definition = calling(invoker);
		return execution(definition, permits).run(request(definition));
	}

	private AttemptRequest request(JobDefinition definition) {
		return new AttemptRequest(definition, "{\"name\":\"Ada\"}", this.context, 0, RuleCounts.NONE,
				InstantSource.system());
	}

	private JobExecution execution(JobDefinition definition, JobPermits... permits) {
		return new JobExecution(new HandlerRegistry(List.of(definition)), new JacksonPayloadSerializer(),
				List.of((attempt, next) -> {
					this.heard.add("interceptor");
					next.proceed();
				}), UnaryOperator.identity(), (failures, error) -> Optional.of(Duration.ofSeconds(1)),
				List.of(permits));
	}

	private JobPermits refusing() {
		return (definition, payload) -> {
			this.heard.add("refused");
			return new Permission.Refused(LATER, "too many");
		};
	}

	private JobPermits granting(String name) {
		return (definition, payload) -> {
			this.heard.add(name + " asked");
			return new Permission.Granted() {
				@Override
				public void unused() {
					JobPermitsTests.this.heard.add(name + " unused");
				}

				@Override
				public void ended(Ending ending) {
					JobPermitsTests.this.heard.add(name + " ended");
					JobPermitsTests.this.endings.add(ending);
				}
			};
		};
	}

}
