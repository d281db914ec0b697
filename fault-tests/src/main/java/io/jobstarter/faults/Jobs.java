package io.jobstarter.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Backoff;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.RetryOn;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The jobs that the tests enqueue.
 */
@Component
public class Jobs {

	private final Ledger ledger;

	private final JobClient client;

	Jobs(Ledger ledger, JobClient client) {
		this.ledger = ledger;
		this.client = client;
	}

	/**
	 * Takes a while.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 * @param failures how many attempts fail before one succeeds
	 */
	public record Work(int number, int millis, int failures) {

		/**
		 * Makes one that succeeds.
		 * @param number which job it is
		 * @param millis how long it takes
		 * @return the job
		 */
		public static Work taking(int number, int millis) {
			return new Work(number, millis, 0);
		}

	}

	/**
	 * Takes a while and has an effect in its transaction.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 * @param failures how many attempts fail before one succeeds
	 * @param followUp a job that it enqueues in its transaction
	 */
	public record Effect(int number, int millis, int failures, @Nullable Effect followUp) {

		/**
		 * Makes one that succeeds.
		 * @param number which job it is
		 * @param millis how long it takes
		 * @return the job
		 */
		public static Effect taking(int number, int millis) {
			return new Effect(number, millis, 0, null);
		}

	}

	/**
	 * Ends the process.
	 *
	 * @param number which job it is
	 */
	public record Poison(int number) {
	}

	/**
	 * What a recurring job enqueues: notes the fire that it is for.
	 */
	public record Tick() {
	}

	@BackgroundJob
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void work(Work work, JobAttempt attempt) throws InterruptedException {
		this.ledger.started(work.number(), attempt);
		take(work.millis());
		failAsPlanned(work.failures(), attempt);
	}

	@BackgroundJob(transactional = true)
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void effect(Effect effect, JobAttempt attempt) throws InterruptedException {
		this.ledger.started(effect.number(), attempt);
		this.ledger.effect(effect.number(), attempt);
		if (effect.followUp() != null) {
			this.client.enqueue(effect.followUp());
		}
		take(effect.millis());
		failAsPlanned(effect.failures(), attempt);
	}

	@BackgroundJob
	void tick(Tick tick, JobAttempt attempt) {
		this.ledger.ticked(attempt);
	}

	@BackgroundJob
	void poison(Poison poison, JobAttempt attempt) {
		this.ledger.started(poison.number(), attempt);
		Runtime.getRuntime().halt(137);
	}

	public static void take(int millis) throws InterruptedException {
		long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(end - System.nanoTime());
			if (Thread.interrupted()) {
				throw new InterruptedException("interrupted while working");
			}
		}
	}

	// At the end: by then the effect and the follow-up are written, and have to go.
	static void failAsPlanned(int failures, JobAttempt attempt) {
		if (attempt.number() <= failures) {
			throw new PlannedFailure("attempt " + attempt.number() + " was to fail");
		}
	}

}
