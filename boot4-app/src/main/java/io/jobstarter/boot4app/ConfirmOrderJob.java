package io.jobstarter.boot4app;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.JobHandler;
import io.jobstarter.RetryOn;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Confirms an order exactly once: the row, the follow-up and the end of the job are one
 * transaction.
 */
@BackgroundJob(transactional = true)
@RetryOn(value = IllegalStateException.class, maxAttempts = 2, delay = "10ms")
class ConfirmOrderJob implements JobHandler<ConfirmOrder> {

	private final JdbcClient database;

	private final JobClient jobs;

	private final List<ConfirmOrder> seen = new CopyOnWriteArrayList<>();

	ConfirmOrderJob(JdbcClient database, JobClient jobs) {
		this.database = database;
		this.jobs = jobs;
	}

	@Override
	public void handle(ConfirmOrder job, JobAttempt attempt) {
		this.seen.add(job);
		this.database.sql("update orders set confirmations = confirmations + 1 where id = :id")
			.param("id", job.orderId())
			.update();
		this.jobs.enqueue(new SendReceipt(job.orderId()));
		if (attempt.number() == 1) {
			throw new IllegalStateException("What was written before this must be gone");
		}
	}

	List<ConfirmOrder> seen() {
		return this.seen;
	}

}
