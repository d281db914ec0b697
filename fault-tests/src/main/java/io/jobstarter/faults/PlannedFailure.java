package io.jobstarter.faults;

/**
 * A failure that a job was told to have.
 */
final class PlannedFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	PlannedFailure(String message) {
		super(message);
	}

}
