package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;

import io.jobstarter.DueTime;
import io.jobstarter.JobOutcome;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.execution.PreparedAttempt;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimStore.Held;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs a transactional handler: its effects, its follow-ups and its settling are one
 * transaction, so that they happen together exactly once. The fenced statement comes last
 * and takes the only lock: where the job is no longer held, all of it is undone.
 */
final class TransactionalRunner {

	private static final Log logger = LogFactory.getLog(TransactionalRunner.class);

	private static final Duration LATER = Duration.ofSeconds(2);

	private static final int MAX_SHOWN = 500;

	private final JobExecution execution;

	private final ClaimStore store;

	private final Settler settler;

	private final PlatformTransactionManager transactionManager;

	private final boolean history;

	TransactionalRunner(JobExecution execution, ClaimStore store, Settler settler,
			PlatformTransactionManager transactionManager, WorkerSettings settings) {
		this.execution = execution;
		this.store = store;
		this.settler = settler;
		this.transactionManager = transactionManager;
		this.history = settings.history();
	}

	/**
	 * Runs the job and commits it, or not.
	 * @param job the job
	 * @param attempt the attempt, which may begin
	 * @return hands on what became of it
	 */
	Runnable run(RunningJob job, PreparedAttempt attempt) {
		Ending ending = new Ending();
		try {
			transactionFor(job).executeWithoutResult((status) -> {
				ending.outcome = attempt.run();
				if (!(ending.outcome instanceof JobOutcome.Succeeded)) {
					status.setRollbackOnly();
					return;
				}
				ending.held = this.store.completeInCallersTransaction(job.claimed(), this.history);
				if (!ending.held) {
					status.setRollbackOnly();
				}
			});
		}
		catch (Throwable ex) {
			ending.failure = ex;
		}
		attempt.unused();
		return conclude(job, ending);
	}

	private Runnable conclude(RunningJob job, Ending ending) {
		JobOutcome outcome = ending.outcome;
		Throwable failure = ending.failure;
		if (outcome == null) {
			logger.warn("The transaction of job " + job.claimed().id() + " could not begin: "
					+ ((failure != null) ? CleanText.oneLine(failure, MAX_SHOWN) : "no reason is known"));
			return () -> this.settler.settle(job,
					new JobOutcome.Snoozed(new DueTime.In(LATER), "its transaction could not begin"));
		}
		if (!(outcome instanceof JobOutcome.Succeeded)) {
			this.execution.callbacks().ended(job.request(), outcome);
			return () -> this.settler.settle(job, outcome);
		}
		if (failure != null) {
			// By a conflict, by what the handler left to be flushed, or in a way that
			// leaves open whether it was committed.
			JobOutcome judged = unlessCommitted(job, this.execution.judge(job.request(), failure));
			this.execution.callbacks().ended(job.request(), judged);
			return () -> this.settler.settle(job, judged, outcome);
		}
		return ending.held ? () -> this.settler.settled(job, outcome) : () -> this.settler.lost(job);
	}

	// Handlers hear of a discard before it is written: not of one that is none, since the
	// transaction was committed and only the reply was lost.
	private JobOutcome unlessCommitted(RunningJob job, JobOutcome judged) {
		if (!(judged instanceof JobOutcome.Discarded) || isStillHeld(job)) {
			return judged;
		}
		return new JobOutcome.Snoozed(new DueTime.In(LATER), "its transaction may have been committed");
	}

	private boolean isStillHeld(RunningJob job) {
		Fence fence = job.claimed().fence();
		try {
			Held held = this.store.held(fence.worker(), List.of(job.claimed().id())).get(job.claimed().id());
			return held != null && held.claim() == fence.claim();
		}
		catch (RuntimeException ex) {
			logger.warn("Whether the transaction of job " + job.claimed().id()
					+ " was committed is found out when it is settled: " + CleanText.oneLine(ex, MAX_SHOWN));
			return false;
		}
	}

	private TransactionTemplate transactionFor(RunningJob job) {
		DefaultTransactionDefinition definition = new DefaultTransactionDefinition(
				TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		definition.setName("background-job-" + job.claimed().name());
		Duration timeout = job.request().definition().timeout();
		if (timeout != null) {
			definition.setTimeout((int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.plusMillis(999).toSeconds())));
		}
		return new TransactionTemplate(this.transactionManager, definition);
	}

	/**
	 * What the transaction came to.
	 */
	private static final class Ending {

		private @Nullable JobOutcome outcome;

		private boolean held;

		private @Nullable Throwable failure;

	}

}
