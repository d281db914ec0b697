package io.jobstarter;

/**
 * There is no redrive with this id: it never existed, its transaction is not committed
 * yet, or it ended long ago.
 */
public class RedriveNotFoundException extends BackgroundJobException {

	private final long id;

	public RedriveNotFoundException(long id) {
		super("There is no redrive " + id);
		this.id = id;
	}

	public long id() {
		return this.id;
	}

}
