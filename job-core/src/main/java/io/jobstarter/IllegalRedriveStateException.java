package io.jobstarter;

/**
 * A redrive is in a state that an operation does not apply to. Nothing was changed.
 */
public class IllegalRedriveStateException extends BackgroundJobException {

	private final long id;

	private final RedriveState state;

	public IllegalRedriveStateException(long id, RedriveState state, String operation) {
		super("Redrive " + id + " is " + state + ": it cannot be " + operation);
		this.id = id;
		this.state = state;
	}

	public long id() {
		return this.id;
	}

	public RedriveState state() {
		return this.state;
	}

}
