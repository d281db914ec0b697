package io.jobstarter.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Backoff;
import io.jobstarter.JobAttempt;
import io.jobstarter.RetryOn;

import org.springframework.stereotype.Component;

/**
 * Jobs that throw what nobody throws, and jobs that do not end when they are told to.
 */
@Component
public class RudeJobs {

	private static final int CHUNK = 1_000_000;

	private final Ledger ledger;

	RudeJobs(Ledger ledger) {
		this.ledger = ledger;
	}

	/**
	 * Fails once.
	 *
	 * @param number which job it is
	 * @param way how
	 */
	public record Rude(int number, Way way) {
	}

	/**
	 * Takes longer than it may, and does not hear of it.
	 *
	 * @param number which job it is
	 * @param millis how long it takes
	 */
	public record Deaf(int number, int millis) {
	}

	@BackgroundJob
	@RetryOn(value = Throwable.class, maxAttempts = 10, delay = "200ms", backoff = Backoff.FIXED)
	void rude(Rude rude, JobAttempt attempt) {
		this.ledger.started(rude.number(), attempt);
		if (attempt.number() == 1) {
			rude.way().fail();
		}
	}

	@BackgroundJob(timeout = "1s")
	void deaf(Deaf deaf, JobAttempt attempt) {
		this.ledger.started(deaf.number(), attempt);
		long end = System.nanoTime() + deaf.millis() * 1_000_000L;
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(end - System.nanoTime());
			// Swallowed.
			Thread.interrupted();
		}
	}

	/**
	 * How a body can fail.
	 */
	public enum Way {

		/** There is no memory left, for anybody. */
		HEAP {

			@Override
			void fail() {
				List<byte[]> hoard = new ArrayList<>();
				while (hoard.size() < Integer.MAX_VALUE) {
					hoard.add(new byte[CHUNK]);
				}
			}

		},

		/** The stack ends. */
		STACK {

			@Override
			void fail() {
				fail();
				throw new IllegalStateException("not reached");
			}

		},

		/** A class cannot be loaded. */
		LINKAGE {

			@Override
			void fail() {
				Broken.touch();
			}

		},

		/** A checked exception that nobody declares. */
		SNEAKY {

			@Override
			void fail() {
				sneak(new Exception("sneaky"));
			}

		};

		abstract void fail();

		@SuppressWarnings("unchecked")
		private static <T extends Throwable> void sneak(Throwable thrown) throws T {
			throw (T) thrown;
		}

	}

	/**
	 * A class whose initializer fails.
	 */
	private static final class Broken {

		private static final int VALUE = Integer.parseInt("none");

		static void touch() {
			System.out.println(VALUE);
		}

	}

}
