package io.jobstarter.faults;

import java.time.Duration;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.faults.Jobs.Work;

import org.springframework.stereotype.Component;

/**
 * Jobs that enqueue others, by the clock of the node that runs them.
 */
@Component
public class RelayJobs {

	private final JobClient client;

	private final Ledger ledger;

	RelayJobs(JobClient client, Ledger ledger) {
		this.client = client;
		this.ledger = ledger;
	}

	/**
	 * Enqueues a job that is due later.
	 *
	 * @param number which job it is; the other one's is higher by 1
	 * @param delayMillis in how long the other one is due
	 */
	public record Relay(int number, int delayMillis) {
	}

	/**
	 * Takes a while, on a node that is told to run it only as long as it may.
	 *
	 * @param number which job it is
	 */
	public record Slotted(int number) {

		/** What the node says when the body waits for its end, and for nothing else. */
		public static final String WAITS = "@@ waits";

		/**
		 * What the node says when the body ends, and then for how many milliseconds it
		 * went on after it had stood still.
		 */
		public static final String ENDED = "@@ ended after ";

		private static final Duration STOOD_STILL = Duration.ofSeconds(1);

		private static final int STEP = 20;

	}

	@BackgroundJob
	void relay(Relay relay, JobAttempt attempt) {
		this.ledger.started(relay.number(), attempt);
		this.client.job(Work.taking(relay.number() + 1, 1)).in(Duration.ofMillis(relay.delayMillis())).enqueue();
	}

	@BackgroundJob(queue = "slotted")
	void slotted(Slotted slotted, JobAttempt attempt) throws InterruptedException {
		this.ledger.started(slotted.number(), attempt);
		System.out.println(Slotted.WAITS);
		long last = System.nanoTime();
		long wentOn = last;
		try {
			while (true) {
				// Noted also if it is interrupted as soon as it goes on.
				try {
					Jobs.take(Slotted.STEP);
				}
				finally {
					long now = System.nanoTime();
					wentOn = (now - last > Slotted.STOOD_STILL.toNanos()) ? now : wentOn;
					last = now;
				}
			}
		}
		finally {
			// Not to the database, from which the node may be cut off.
			System.out.println(Slotted.ENDED + Duration.ofNanos(System.nanoTime() - wentOn).toMillis());
		}
	}

}
