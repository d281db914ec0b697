package io.jobstarter.worker;

import io.jobstarter.JobOutcome;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.support.SafeEvents;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs one claimed job in the thread that calls, and hands its outcome on. No transaction
 * and no connection is held meanwhile, unless the handler is transactional.
 */
final class JobRunner {

	private static final Log logger = LogFactory.getLog(JobRunner.class);

	private final JobExecution execution;

	private final TransactionalRunner transactional;

	private final RunningJobs running;

	private final Settler settler;

	private final SafeEvents events;

	JobRunner(JobExecution execution, TransactionalRunner transactional, RunningJobs running, Settler settler,
			SafeEvents events) {
		this.execution = execution;
		this.transactional = transactional;
		this.running = running;
		this.settler = settler;
		this.events = events;
	}

	void run(RunningJob job) {
		job.started();
		this.events.publish(job.startedEvent());
		if (job.isTransactional()) {
			this.transactional.run(job, () -> this.running.remove(job));
			return;
		}
		JobOutcome outcome = attempt(job);
		// In this order: as soon as it is settled, this node may claim the job again.
		this.running.remove(job);
		this.settler.settle(job, outcome);
	}

	private JobOutcome attempt(RunningJob job) {
		try {
			return this.execution.run(job.request());
		}
		catch (Throwable ex) {
			logger.error("The execution of job " + job.claimed().id() + " failed outside its handler", ex);
			return new JobOutcome.Returned("the engine failed");
		}
	}

}
