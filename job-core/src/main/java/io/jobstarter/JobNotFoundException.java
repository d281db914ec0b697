package io.jobstarter;

/**
 * There is no job with this id: it never existed, its transaction is not committed yet,
 * or its history has been deleted.
 */
public class JobNotFoundException extends BackgroundJobException {

	private final JobId id;

	public JobNotFoundException(JobId id) {
		super("There is no job " + id);
		this.id = id;
	}

	public JobId id() {
		return this.id;
	}

}
