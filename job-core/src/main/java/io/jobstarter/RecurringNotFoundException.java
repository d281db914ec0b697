package io.jobstarter;

/**
 * There is no recurring job with this id.
 */
public class RecurringNotFoundException extends BackgroundJobException {

	private final String id;

	public RecurringNotFoundException(String id) {
		super("There is no recurring job with this id");
		this.id = id;
	}

	public String id() {
		return this.id;
	}

}
