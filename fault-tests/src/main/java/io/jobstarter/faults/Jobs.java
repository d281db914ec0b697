package io.jobstarter.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import org.springframework.stereotype.Component;

/**
 * The jobs that the tests enqueue.
 */
@Component
public class Jobs {

	private final Ledger ledger;

	Jobs(Ledger ledger) {
		this.ledger = ledger;
	}

	/**
	 * Takes a while.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 */
	public record Work(int number, int millis) {
	}

	/**
	 * Takes a while and has an effect in its transaction.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 */
	public record Effect(int number, int millis) {
	}

	/**
	 * Ends the process.
	 *
	 * @param number which job it is
	 */
	public record Poison(int number) {
	}

	@BackgroundJob
	void work(Work work, JobAttempt attempt) throws InterruptedException {
		this.ledger.started(work.number(), attempt.number());
		take(work.millis());
	}

	@BackgroundJob(transactional = true)
	void effect(Effect effect, JobAttempt attempt) throws InterruptedException {
		this.ledger.started(effect.number(), attempt.number());
		this.ledger.effect(effect.number());
		take(effect.millis());
	}

	@BackgroundJob
	void poison(Poison poison, JobAttempt attempt) {
		this.ledger.started(poison.number(), attempt.number());
		Runtime.getRuntime().halt(137);
	}

	private static void take(int millis) throws InterruptedException {
		long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(end - System.nanoTime());
			if (Thread.interrupted()) {
				throw new InterruptedException("interrupted while working");
			}
		}
	}

}
