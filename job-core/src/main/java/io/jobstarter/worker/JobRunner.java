package io.jobstarter.worker;

import java.util.function.Supplier;

import io.jobstarter.JobContextPropagator.Scope;
import io.jobstarter.JobOutcome;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.FailureDescriber;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.execution.PreparedAttempt;
import io.jobstarter.support.SafeEvents;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs one claimed job in the thread that calls, in the context that it was enqueued in,
 * and says how to hand its outcome on. No transaction and no connection is held
 * meanwhile, unless the handler is transactional.
 */
final class JobRunner {

	private static final Log logger = LogFactory.getLog(JobRunner.class);

	private final JobExecution execution;

	private final TransactionalRunner transactional;

	private final Settler settler;

	private final SafeEvents events;

	private final ContextPropagation context;

	JobRunner(WorkerDependencies dependencies, TransactionalRunner transactional, Settler settler) {
		this.execution = dependencies.execution();
		this.transactional = transactional;
		this.settler = settler;
		this.events = dependencies.events();
		this.context = dependencies.context();
	}

	/**
	 * Runs a job.
	 * @param job the job
	 * @return hands its outcome on
	 */
	Runnable run(RunningJob job) {
		job.started();
		Scope scope;
		try {
			scope = this.context.restore(job.claimed().headers(), job);
		}
		catch (Throwable ex) {
			JobOutcome outcome = outcomeOf(job, () -> this.execution.judge(job.request(), ex));
			return () -> this.settler.settle(job, outcome);
		}
		// Around the transaction, too: the tenant may decide which connection it takes.
		try {
			return runInContext(job);
		}
		finally {
			scope.close();
		}
	}

	// The permits are asked before a transaction begins, which is not needed for a no.
	private Runnable runInContext(RunningJob job) {
		PreparedAttempt attempt;
		try {
			attempt = this.execution.prepare(job.request());
		}
		catch (Throwable ex) {
			return settling(job, engineFailed(job, ex));
		}
		if (attempt.refusal() != null) {
			return settling(job, attempt.refusal());
		}
		this.events.publish(job.startedEvent(), job);
		return job.isTransactional() ? this.transactional.run(job, attempt)
				: settling(job, outcomeOf(job, attempt::run));
	}

	private Runnable settling(RunningJob job, JobOutcome outcome) {
		this.execution.callbacks().ended(job.request(), outcome);
		return () -> this.settler.settle(job, outcome);
	}

	private static JobOutcome outcomeOf(RunningJob job, Supplier<JobOutcome> attempt) {
		try {
			return attempt.get();
		}
		catch (Throwable ex) {
			return engineFailed(job, ex);
		}
	}

	private static JobOutcome engineFailed(RunningJob job, Throwable ex) {
		// Described first: an exception may throw itself when somebody looks at it.
		logger.error("The execution of job " + job.claimed().id() + " failed outside its handler: "
				+ FailureDescriber.describe(ex).stackTrace());
		return new JobOutcome.Returned("the engine failed");
	}

}
