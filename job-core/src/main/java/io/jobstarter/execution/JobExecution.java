package io.jobstarter.execution;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.InvalidJobException;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobInterceptor;
import io.jobstarter.JobNotPermittedException;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.JobTimeoutException;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.InvalidHandlerException;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.policy.Conflicts;
import io.jobstarter.policy.FailureRules;
import io.jobstarter.policy.FailureVerdict;
import io.jobstarter.policy.RetryPolicies;
import io.jobstarter.policy.RetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Makes one attempt and says how it ended. Writes nothing, and lets no {@link Throwable}
 * of a handler out.
 */
public final class JobExecution {

	private final JobPayloadSerializer serializer;

	private final CallbackExecution callbacks;

	private final List<JobInterceptor> interceptors;

	private final CombinedPermits permits;

	private final Map<String, FailureRules> rules = new ConcurrentHashMap<>();

	/**
	 * Makes an execution.
	 * @param registry the handlers
	 * @param serializer reads payloads
	 * @param interceptors run around every attempt, the outermost first
	 * @param placeholders resolves what stands in the strings of rules
	 * @param policies decide where no rule matches
	 * @param permits are asked before every attempt, in this order
	 * @throws InvalidHandlerException if a rule cannot be, or a payload type cannot be
	 * written or read
	 */
	public JobExecution(HandlerRegistry registry, JobPayloadSerializer serializer, List<JobInterceptor> interceptors,
			UnaryOperator<String> placeholders, RetryPolicies policies, List<JobPermits> permits) {
		this.serializer = serializer;
		this.callbacks = new CallbackExecution(serializer);
		this.interceptors = List.copyOf(interceptors);
		this.permits = new CombinedPermits(permits);
		for (JobDefinition definition : registry.definitions()) {
			checkPayload(definition);
			this.rules.put(definition.name(),
					rulesOf(definition, placeholders, policies.named(definition.policies().retry())));
		}
	}

	/**
	 * Makes an execution with one retry policy for all handlers.
	 * @param policy decides where no rule matches
	 */
	public JobExecution(HandlerRegistry registry, JobPayloadSerializer serializer, List<JobInterceptor> interceptors,
			UnaryOperator<String> placeholders, RetryPolicy policy, List<JobPermits> permits) {
		this(registry, serializer, interceptors, placeholders, (@Nullable String name) -> policy, permits);
	}

	private void checkPayload(JobDefinition definition) {
		try {
			if (definition.payloadType() != null) {
				this.serializer.check(definition.payloadType());
			}
		}
		catch (InvalidPayloadException ex) {
			throw new InvalidHandlerException(
					"The payload of " + definition.source() + " cannot be stored: " + ex.getMessage(),
					"Make it a record of plain values, or a static class with one constructor");
		}
	}

	private static FailureRules rulesOf(JobDefinition definition, UnaryOperator<String> placeholders,
			RetryPolicy policy) {
		try {
			return FailureRules.of(definition.retryOn(), definition.discardOn(), placeholders, policy);
		}
		catch (InvalidJobException | IllegalArgumentException ex) {
			throw new InvalidHandlerException(
					"A @RetryOn of " + definition.source() + " is not valid: " + ex.getMessage(),
					"Correct the annotation, or what its placeholders stand for");
		}
	}

	/**
	 * Makes an attempt in the calling thread.
	 * @param request the attempt
	 * @return how it ended
	 */
	public JobOutcome run(AttemptRequest request) {
		return prepare(request).run();
	}

	/**
	 * Reads the payload and asks the permits, in the calling thread.
	 * @param request the attempt
	 * @return the attempt, which may begin or not
	 */
	public PreparedAttempt prepare(AttemptRequest request) {
		Object payload;
		try {
			payload = Payloads.read(this.serializer, request.definition(), request.payload());
		}
		catch (Exception ex) {
			return refused(request, new JobOutcome.Dead(DeadReason.UNREADABLE, FailureDescriber.describe(ex)));
		}
		catch (Throwable ex) {
			// Out of memory, say: the payload may be read another time.
			return refused(request, judge(request, ex));
		}
		try {
			Permission permission = this.permits.ask(request.definition(), payload, request.context());
			return (permission instanceof Permission.Refused refused)
					? refused(request, outcomeOfRefusal(request, refused))
					: PreparedAttempt.permitted(this, request, payload, (Permission.Granted) permission);
		}
		catch (Throwable ex) {
			return refused(request, judge(request, ex));
		}
	}

	private PreparedAttempt refused(AttemptRequest request, JobOutcome outcome) {
		return PreparedAttempt.refused(this, request, outcome);
	}

	JobOutcome runPermitted(AttemptRequest request, @Nullable Object payload, Permission.Granted permission) {
		try {
			runBody(request.definition(), payload, request.context(), permission);
			return new JobOutcome.Succeeded();
		}
		catch (Throwable ex) {
			return judge(request, ex);
		}
	}

	// Somebody may have cancelled the job meanwhile, or the node may be stopping.
	private JobOutcome outcomeOfRefusal(AttemptRequest request, Permission.Refused refused) {
		AttemptContext.InterruptReason interrupted = request.context().interruptReason();
		return (interrupted == null || interrupted == AttemptContext.InterruptReason.TIMEOUT) ? refused.outcome()
				: judge(request, new JobNotPermittedException(refused.reason()));
	}

	/**
	 * Says what an error means that ended an attempt.
	 * @param request the attempt
	 * @param error the error
	 * @return how it ended
	 */
	public JobOutcome judge(AttemptRequest request, Throwable error) {
		AttemptContext.InterruptReason interrupted = request.context().interruptReason();
		if (interrupted == null) {
			return judgeFailure(request, error);
		}
		return switch (interrupted) {
			case CANCEL -> new JobOutcome.Cancelled();
			case SHUTDOWN -> new JobOutcome.Returned("the node is stopping");
			case LEASE -> new JobOutcome.Returned("the node may have lost its lease");
			case TIMEOUT -> judgeFailure(request,
					new JobTimeoutException(Objects.requireNonNull(request.definition().timeout()), error));
		};
	}

	/**
	 * Runs a job in the calling thread, without a row.
	 * @param definition the handler
	 * @param payload the payload
	 * @param attempt what the handler sees
	 * @throws JobNotPermittedException if a permit was refused
	 * @throws Exception what the handler threw
	 */
	public void runNow(JobDefinition definition, @Nullable Object payload, AttemptContext attempt) throws Exception {
		Permission permission = this.permits.ask(definition, payload, attempt);
		if (permission instanceof Permission.Refused refused) {
			throw new JobNotPermittedException("This " + definition.name() + " may not run now: " + refused.reason());
		}
		runPermitted(definition, payload, attempt, (Permission.Granted) permission);
	}

	/**
	 * What tells handlers of the ends of their jobs.
	 * @return the execution of callbacks
	 */
	public CallbackExecution callbacks() {
		return this.callbacks;
	}

	private void runBody(JobDefinition definition, @Nullable Object payload, AttemptContext context,
			Permission.Granted permission) throws Exception {
		context.enterBody();
		try {
			runPermitted(definition, payload, context, permission);
		}
		finally {
			context.leaveBody();
		}
	}

	private void runPermitted(JobDefinition definition, @Nullable Object payload, AttemptContext context,
			Permission.Granted permission) throws Exception {
		long start = System.nanoTime();
		Throwable error = null;
		try {
			proceed(0, definition, payload, context);
		}
		catch (Throwable ex) {
			error = ex;
			throw ex;
		}
		finally {
			permission.ended(new Permission.Ending(System.nanoTime() - start, error, context.interruptReason()));
		}
	}

	private void proceed(int index, JobDefinition definition, @Nullable Object payload, JobAttempt attempt)
			throws Exception {
		if (index == this.interceptors.size()) {
			definition.invoker().invoke(payload, attempt);
			return;
		}
		this.interceptors.get(index).around(attempt, () -> proceed(index + 1, definition, payload, attempt));
	}

	private JobOutcome judgeFailure(AttemptRequest request, Throwable error) {
		if (request.definition().transactional() && Conflicts.isConflict(error)) {
			return new JobOutcome.Snoozed(new DueTime.In(Conflicts.pause()),
					"its transaction conflicted with another one");
		}
		FailureRules rules = this.rules.get(request.definition().name());
		FailureVerdict verdict = (rules != null)
				? rules.judge(error, request.failuresBefore(), request.ruleCounts(), request.clock().instant())
				: new FailureVerdict.GiveUp();
		if (verdict instanceof FailureVerdict.Retry retry) {
			return new JobOutcome.Retried(FailureDescriber.describe(error), retry.delay(), retry.rule());
		}
		if (verdict instanceof FailureVerdict.Snooze snooze) {
			return new JobOutcome.Snoozed(snooze.due(), snooze.reason());
		}
		if (verdict instanceof FailureVerdict.Discard discard) {
			return new JobOutcome.Discarded(FailureDescriber.reason(discard.reason()),
					discard.failed() ? FailureDescriber.describe(error) : null);
		}
		return request.definition().deadLetter()
				? new JobOutcome.Dead(DeadReason.EXHAUSTED, FailureDescriber.describe(error))
				: new JobOutcome.Discarded("out of attempts", FailureDescriber.describe(error));
	}

}
