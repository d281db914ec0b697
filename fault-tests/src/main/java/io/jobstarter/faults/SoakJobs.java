package io.jobstarter.faults;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Backoff;
import io.jobstarter.InOrder;
import io.jobstarter.JobAttempt;
import io.jobstarter.LimitConcurrency;
import io.jobstarter.LimitRate;
import io.jobstarter.RetryOn;
import io.jobstarter.Unique;
import io.jobstarter.UniqueUntil;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The mixed load of the soak test. Each job notes its number when it is done, in a table
 * that the test empties while it runs.
 */
@Component
public class SoakJobs {

	private static final String DONE = "insert into soak_done (number) values (?)";

	private static final String KEY = "#{payload.key()}";

	private final JdbcTemplate jdbc;

	SoakJobs(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	/** Does nothing but take a moment. */
	public record Plain(int number, int millis) {
	}

	/** Notes its number in its own transaction. */
	public record Booked(int number, int millis) {
	}

	/** Fails some times before it succeeds. */
	public record Flaky(int number, int failures) {
	}

	/** Runs beside one other of its key. */
	public record Tenant(int number, String key, int millis) {
	}

	/** Runs in the order of its key, in its own transaction. */
	public record Step(int number, String key, int failures) {
	}

	/** Starts at a rate of its key. */
	public record Metered(int number, String key) {
	}

	/** Is the only one of its key until the key has expired. */
	public record Once(int number, String key) {
	}

	/** Dies, and succeeds when it is redriven. */
	public record Mortal(int number) {
	}

	/** What a recurring job enqueues. */
	public record Beat() {
	}

	@BackgroundJob
	void plain(Plain job) throws InterruptedException {
		Jobs.take(job.millis());
		done(job.number());
	}

	@BackgroundJob(transactional = true)
	void booked(Booked job) throws InterruptedException {
		done(job.number());
		Jobs.take(job.millis());
	}

	@BackgroundJob
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "500ms", backoff = Backoff.FIXED)
	void flaky(Flaky job, JobAttempt attempt) {
		Jobs.failAsPlanned(job.failures(), attempt);
		done(job.number());
	}

	@BackgroundJob
	@LimitConcurrency(key = KEY, to = 2)
	void tenant(Tenant job) throws InterruptedException {
		Jobs.take(job.millis());
		done(job.number());
	}

	@BackgroundJob(transactional = true)
	@InOrder(key = KEY)
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void step(Step job, JobAttempt attempt) {
		done(job.number());
		Jobs.failAsPlanned(job.failures(), attempt);
	}

	@BackgroundJob
	@LimitRate(key = KEY, permits = 5, per = "1s")
	void metered(Metered job) {
		done(job.number());
	}

	@BackgroundJob
	@Unique(key = KEY, until = UniqueUntil.EXPIRED, ttl = "20s")
	void once(Once job) {
		done(job.number());
	}

	@BackgroundJob
	@RetryOn(value = PlannedFailure.class, maxAttempts = 1)
	void mortal(Mortal job, JobAttempt attempt) {
		if (attempt.redriveOf() == null) {
			throw new PlannedFailure("nobody has redriven it");
		}
		done(job.number());
	}

	@BackgroundJob
	void beat(Beat beat) {
	}

	private void done(int number) {
		this.jdbc.update(DONE, number);
	}

}
