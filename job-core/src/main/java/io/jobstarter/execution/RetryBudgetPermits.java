package io.jobstarter.execution;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.jobstarter.DueTime;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobOutcome;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.policy.RetryBudget;
import org.jspecify.annotations.Nullable;

/**
 * Lets this node begin only so many retries of a queue, as a share of the first attempts
 * that it begins there. The others come back later, with all their attempts.
 */
public final class RetryBudgetPermits implements JobPermits {

	/** Queues may be chosen by payloads: those that are quiet are forgotten then. */
	private static final int MANY_QUEUES = 1_000;

	private final double share;

	private final int least;

	private final Duration window;

	private static final String USED_UP = "the queue's budget of retries is used up";

	private final LongSupplier nanoTime;

	private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();

	/**
	 * Makes the budgets of a node.
	 * @param share how many retries there may be for each first attempt
	 * @param least how many retries there may be in a window at least, 1 or more
	 * @param window the time over which both are counted
	 * @param nanoTime {@link System#nanoTime()}
	 */
	public RetryBudgetPermits(double share, int least, Duration window, LongSupplier nanoTime) {
		this.share = share;
		this.least = least;
		this.window = window;
		this.nanoTime = nanoTime;
	}

	@Override
	public Permission ask(JobDefinition definition, @Nullable Object payload) {
		return Permission.UNLIMITED;
	}

	@Override
	public Permission ask(JobDefinition definition, @Nullable Object payload, JobAttempt attempt) {
		long now = this.nanoTime.getAsLong();
		RetryBudget budget = budgetOf(attempt.queue(), now);
		if (attempt.number() == 1) {
			budget.first(now);
			return new Counted(budget, true);
		}
		Optional<Duration> delay = budget.retry(now);
		return delay
			.<Permission>map(
					(wait) -> new Permission.Refused(new JobOutcome.Snoozed(new DueTime.In(wait), USED_UP), USED_UP))
			.orElseGet(() -> new Counted(budget, false));
	}

	private RetryBudget budgetOf(String queue, long now) {
		if (this.budgets.size() >= MANY_QUEUES && !this.budgets.containsKey(queue)) {
			this.budgets.values().removeIf((budget) -> budget.isIdle(now));
		}
		return this.budgets.computeIfAbsent(queue, (name) -> new RetryBudget(this.share, this.least, this.window, now));
	}

	/**
	 * An attempt that was counted.
	 *
	 * @param budget where
	 * @param first whether it is the first of its job
	 */
	private record Counted(RetryBudget budget, boolean first) implements Permission.Granted {

		@Override
		public void unused() {
			this.budget.undo(this.first);
		}

	}

}
