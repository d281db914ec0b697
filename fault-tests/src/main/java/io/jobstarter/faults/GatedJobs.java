package io.jobstarter.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Backoff;
import io.jobstarter.JobAttempt;
import io.jobstarter.RetryOn;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Jobs whose bodies end when a file lets those of their node pass, and hear nothing else
 * until then.
 */
@Component
public class GatedJobs {

	private static final long LOOK_NANOS = 5_000_000;

	private final Ledger ledger;

	private final String node;

	GatedJobs(Ledger ledger, @Value("${node.name:?}") String node) {
		this.ledger = ledger;
		this.node = node;
	}

	/**
	 * Waits at the gate, and succeeds.
	 *
	 * @param number which job it is
	 * @param gates where the gates are
	 */
	public record Gated(int number, String gates) {
	}

	/**
	 * Waits at the gate, and fails the first time.
	 *
	 * @param number which job it is
	 * @param gates where the gates are
	 */
	public record GatedFailure(int number, String gates) {
	}

	/**
	 * Has its effect, waits at the gate, and succeeds in its transaction.
	 *
	 * @param number which job it is
	 * @param gates where the gates are
	 */
	public record GatedEffect(int number, String gates) {
	}

	@BackgroundJob
	void gated(Gated job, JobAttempt attempt) {
		this.ledger.started(job.number(), attempt);
		pass(job.gates());
	}

	@BackgroundJob
	@RetryOn(value = PlannedFailure.class, maxAttempts = 10, delay = "100ms", backoff = Backoff.FIXED)
	void failing(GatedFailure job, JobAttempt attempt) {
		this.ledger.started(job.number(), attempt);
		pass(job.gates());
		if (attempt.number() == 1) {
			throw new PlannedFailure("planned");
		}
	}

	@BackgroundJob(transactional = true)
	void effective(GatedEffect job, JobAttempt attempt) {
		this.ledger.started(job.number(), attempt);
		this.ledger.effect(job.number(), attempt);
		pass(job.gates());
	}

	private void pass(String gates) {
		Path gate = gate(gates, this.node);
		while (!Files.exists(gate)) {
			// Swallowed.
			Thread.interrupted();
			LockSupport.parkNanos(LOOK_NANOS);
		}
	}

	/**
	 * Says which file lets the bodies of a node pass.
	 * @param gates where the gates are
	 * @param node the node
	 * @return the file, which need not be there
	 */
	public static Path gate(String gates, String node) {
		return Path.of(gates, node + ".open");
	}

}
