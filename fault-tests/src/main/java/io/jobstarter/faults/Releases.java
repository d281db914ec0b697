package io.jobstarter.faults;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Backoff;
import io.jobstarter.JobAttempt;
import io.jobstarter.RetryOn;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Two releases of an application: each has jobs that the other does not know, and they
 * disagree on what an invoice looks like. {@code node.release} says which one a node is.
 */
public final class Releases {

	/** Says which release a node is, as Spring Boot's arguments do. */
	public static final String SETTING = "--node.release=";

	private static final String RELEASE = "node.release";

	private static final String ONE = "one";

	private static final String TWO = "two";

	private static final String INVOICE = "invoice";

	private Releases() {
	}

	/**
	 * What the second release has done away with.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 */
	public record Retired(int number, int millis) {
	}

	/**
	 * What the second release has introduced.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 */
	public record Introduced(int number, int millis) {
	}

	/**
	 * An invoice of the first release.
	 *
	 * @param number which job it is
	 * @param cents what is to be paid
	 * @param failures how many attempts fail
	 */
	public record InvoiceInCents(int number, int cents, int failures) {
	}

	/**
	 * An invoice of the second release, which reads those of the first as well.
	 *
	 * @param number which job it is
	 * @param cents what is to be paid, with a currency
	 * @param failures how many attempts fail
	 */
	public record Invoice(int number, String cents, int failures) {
	}

	/**
	 * The jobs of the first release.
	 */
	@Component
	@ConditionalOnProperty(name = RELEASE, havingValue = ONE)
	static class First {

		private final Ledger ledger;

		First(Ledger ledger) {
			this.ledger = ledger;
		}

		@BackgroundJob
		void retired(Retired job, JobAttempt attempt) throws InterruptedException {
			this.ledger.started(job.number(), attempt);
			Jobs.take(job.millis());
		}

		@BackgroundJob(name = INVOICE)
		@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "1s", backoff = Backoff.FIXED)
		void invoice(InvoiceInCents invoice, JobAttempt attempt) {
			this.ledger.started(invoice.number(), attempt);
			Jobs.failAsPlanned(invoice.failures(), attempt);
		}

	}

	/**
	 * The jobs of the second release.
	 */
	@Component
	@ConditionalOnProperty(name = RELEASE, havingValue = TWO)
	static class Second {

		private final Ledger ledger;

		Second(Ledger ledger) {
			this.ledger = ledger;
		}

		@BackgroundJob
		void introduced(Introduced job, JobAttempt attempt) throws InterruptedException {
			this.ledger.started(job.number(), attempt);
			Jobs.take(job.millis());
		}

		@BackgroundJob(name = INVOICE)
		@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "1s", backoff = Backoff.FIXED)
		void invoice(Invoice invoice, JobAttempt attempt) {
			this.ledger.started(invoice.number(), attempt);
			Jobs.failAsPlanned(invoice.failures(), attempt);
		}

	}

}
