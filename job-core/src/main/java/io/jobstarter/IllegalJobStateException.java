package io.jobstarter;

/**
 * A job is in a state that an operation does not apply to. Nothing was changed.
 */
public class IllegalJobStateException extends BackgroundJobException {

	private final JobId id;

	private final JobState state;

	public IllegalJobStateException(JobId id, JobState state, String operation) {
		super("Job " + id + " is " + state + ": it cannot be " + operation);
		this.id = id;
		this.state = state;
	}

	public JobId id() {
		return this.id;
	}

	public JobState state() {
		return this.state;
	}

}
