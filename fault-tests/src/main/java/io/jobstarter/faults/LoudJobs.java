package io.jobstarter.faults;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobDiscard;
import io.jobstarter.RetryOn;

import org.springframework.stereotype.Component;

/**
 * Jobs that have too much to say of their failures.
 */
@Component
public class LoudJobs {

	private static final int FIFTY_MEGABYTES = 50_000_000;

	/** Carries a text. */
	public record Text(String text) {
	}

	/** Fails. */
	public record Loud(Kind kind) {
	}

	/**
	 * How it fails.
	 */
	public enum Kind {

		/** A message of 50 MB. */
		MESSAGE,

		/** Causes that go round in a circle, of long messages. */
		CIRCLE,

		/** A cause and a suppressed exception with messages of 50 MB. */
		CAUSE,

		/** A discard whose reason has 50 MB. */
		DISCARD

	}

	@BackgroundJob
	void text(Text text) {
	}

	@BackgroundJob
	@RetryOn(value = Exception.class, maxAttempts = 1)
	void loud(Loud loud) throws Exception {
		switch (loud.kind()) {
			case MESSAGE -> throw new IllegalStateException(much());
			case CIRCLE -> throw circle();
			case CAUSE -> throw cause();
			case DISCARD -> throw JobDiscard.because(much());
		}
	}

	private static String much() {
		return "x".repeat(FIFTY_MEGABYTES);
	}

	private static Exception circle() {
		Exception first = new Exception("first ".repeat(100_000));
		Exception second = new Exception("second ".repeat(100_000), first);
		first.initCause(second);
		return first;
	}

	private static Exception cause() {
		String much = much();
		Exception error = new Exception("of causes", new Exception(much));
		error.addSuppressed(new Exception(much));
		return error;
	}

}
