package io.jobstarter.faults;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.RetryOn;
import io.jobstarter.UniqueUntil;
import io.jobstarter.faults.Jobs.Work;

import org.springframework.stereotype.Component;

/**
 * Jobs that take unique keys in their transactions and hold them.
 */
@Component
public class UniqueJobs {

	private final Ledger ledger;

	private final JobClient client;

	UniqueJobs(Ledger ledger, JobClient client) {
		this.ledger = ledger;
		this.client = client;
	}

	/**
	 * Enqueues a job under a unique key, and does not commit for long.
	 *
	 * @param number which job it is
	 * @param key the key
	 * @param queue where the job waits that it enqueues
	 * @param millis how long it holds the key
	 */
	public record Hold(int number, String key, String queue, int millis) {
	}

	@BackgroundJob(transactional = true)
	@RetryOn(value = Exception.class, maxAttempts = 1)
	void hold(Hold hold, JobAttempt attempt) throws InterruptedException {
		this.client.job(Work.taking(hold.number(), 1))
			.queue(hold.queue())
			.uniqueKey(hold.key(), UniqueUntil.STARTED)
			.enqueue();
		// Now others know that the key is taken: in a transaction of its own.
		this.ledger.started(hold.number(), attempt);
		Jobs.take(hold.millis());
	}

}
