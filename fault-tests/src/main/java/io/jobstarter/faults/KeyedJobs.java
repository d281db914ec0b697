package io.jobstarter.faults;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Backoff;
import io.jobstarter.InOrder;
import io.jobstarter.JobAttempt;
import io.jobstarter.LimitConcurrency;
import io.jobstarter.RetryOn;
import org.springframework.stereotype.Component;

/**
 * The jobs that may not run at the same time as others of their key.
 */
@Component
public class KeyedJobs {

	private static final String KEY = "#{payload.key()}";

	private final KeyLedger ledger;

	KeyedJobs(KeyLedger ledger) {
		this.ledger = ledger;
	}

	@BackgroundJob
	@LimitConcurrency(key = KEY, group = Keyed.ONE)
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void one(Keyed.One job, JobAttempt attempt) throws InterruptedException {
		run(job, attempt, false);
	}

	@BackgroundJob(transactional = true)
	@LimitConcurrency(key = KEY, group = Keyed.ONE)
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void oneEffect(Keyed.OneEffect job, JobAttempt attempt) throws InterruptedException {
		run(job, attempt, true);
	}

	@BackgroundJob
	@LimitConcurrency(key = KEY, to = 3, group = Keyed.THREE)
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void three(Keyed.Three job, JobAttempt attempt) throws InterruptedException {
		run(job, attempt, false);
	}

	@BackgroundJob
	@InOrder(key = KEY, group = Keyed.LINE)
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void line(Keyed.Line job, JobAttempt attempt) throws InterruptedException {
		run(job, attempt, false);
	}

	@BackgroundJob(transactional = true)
	@InOrder(key = KEY, group = Keyed.LINE)
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void lineEffect(Keyed.LineEffect job, JobAttempt attempt) throws InterruptedException {
		run(job, attempt, true);
	}

	private void run(Keyed job, JobAttempt attempt, boolean hasEffect) throws InterruptedException {
		long body = this.ledger.begun(job, attempt);
		try {
			if (hasEffect) {
				this.ledger.effect(body, job);
			}
			Jobs.take(job.millis());
			Jobs.failAsPlanned(job.failures(), attempt);
		}
		finally {
			this.ledger.ended(body);
		}
	}

}
