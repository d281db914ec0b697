package io.jobstarter.faults;

import java.sql.Connection;

import javax.sql.DataSource;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Backoff;
import io.jobstarter.DiscardOn;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobEvent;
import io.jobstarter.OnDiscard;
import io.jobstarter.RetryOn;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Jobs of which the node's output tells, line by line, so that their bodies need no
 * network.
 */
@Component
public class NetworkJobs {

	/** What each line begins with. */
	public static final String MARK = "## ";

	private final Ledger ledger;

	private final DataSource dataSource;

	NetworkJobs(Ledger ledger, DataSource dataSource) {
		this.ledger = ledger;
		this.dataSource = dataSource;
	}

	/**
	 * Asks nothing of the database.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 * @param failures how many attempts fail before one succeeds
	 */
	public record Quiet(int number, int millis, int failures) {
	}

	/**
	 * Has an effect in its transaction and asks nothing else of the database.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 */
	public record QuietEffect(int number, int millis) {
	}

	/**
	 * Holds a connection of the handlers' pool.
	 *
	 * @param number which job it is
	 * @param millis how long it does
	 */
	public record Hog(int number, int millis) {
	}

	@BackgroundJob
	void hog(Hog job, JobAttempt attempt) throws Exception {
		try (Connection held = this.dataSource.getConnection()) {
			tell(held.isClosed() ? "closed" : "hogging", job.number(), attempt);
			Jobs.take(job.millis());
		}
	}

	@BackgroundJob
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void quiet(Quiet job, JobAttempt attempt) throws InterruptedException {
		tell("started", job.number(), attempt);
		Jobs.take(job.millis());
		Jobs.failAsPlanned(job.failures(), attempt);
	}

	@BackgroundJob(transactional = true)
	void quietEffect(QuietEffect job, JobAttempt attempt) throws InterruptedException {
		tell("started", job.number(), attempt);
		this.ledger.effect(job.number(), attempt);
		Jobs.take(job.millis());
	}

	/**
	 * The same, and is discarded whatever goes wrong.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 */
	public record QuietOrNever(int number, int millis) {
	}

	@BackgroundJob(transactional = true)
	@DiscardOn(Exception.class)
	void quietOrNever(QuietOrNever job, JobAttempt attempt) throws InterruptedException {
		tell("started", job.number(), attempt);
		this.ledger.effect(job.number(), attempt);
		Jobs.take(job.millis());
	}

	@OnDiscard
	void never(QuietOrNever job, JobAttempt attempt) {
		tell("discarded", job.number(), attempt);
	}

	/**
	 * Tries again whatever goes wrong with the network.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 */
	public record Stubborn(int number, int millis) {
	}

	/**
	 * The same, with an effect in its transaction.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 */
	public record StubbornEffect(int number, int millis) {
	}

	@BackgroundJob
	@RetryOn(value = Exception.class, maxAttempts = 40, delay = "300ms", backoff = Backoff.FIXED)
	void stubborn(Stubborn job, JobAttempt attempt) throws InterruptedException {
		this.ledger.started(job.number(), attempt);
		Jobs.take(job.millis());
	}

	@BackgroundJob(transactional = true)
	@RetryOn(value = Exception.class, maxAttempts = 40, delay = "300ms", backoff = Backoff.FIXED)
	void stubbornEffect(StubbornEffect job, JobAttempt attempt) throws InterruptedException {
		this.ledger.started(job.number(), attempt);
		this.ledger.effect(job.number(), attempt);
		Jobs.take(job.millis());
	}

	private static void tell(String what, int number, JobAttempt attempt) {
		System.out.println(MARK + what + " " + number + " attempt " + attempt.number());
	}

	@EventListener
	void settled(JobEvent.Settled event) {
		System.out.println(MARK + "settled " + event.id().value() + " " + event.outcome().getClass().getSimpleName());
	}

	@EventListener
	void lost(JobEvent.LeaseLost event) {
		System.out.println(MARK + "lost " + event.id().value());
	}

}
