package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * An enqueue whose unique key another job holds, where that is to fail
 * ({@link UniqueConflict#FAIL}). Nothing of the enqueue was added.
 */
public class DuplicateJobException extends BackgroundJobException {

	private final transient @Nullable JobId holder;

	/**
	 * Makes an exception.
	 * @param name the job's name
	 * @param holder the job that holds the key, or {@code null} if the same enqueue has
	 * the key twice
	 */
	public DuplicateJobException(String name, @Nullable JobId holder) {
		super("This " + name + " was not enqueued: "
				+ ((holder != null) ? "job " + holder + " holds its unique key" : "this enqueue has two of its key"));
		this.holder = holder;
	}

	/**
	 * The job that holds the key.
	 * @return its id, or {@code null} if the same enqueue has the key twice
	 */
	public @Nullable JobId holder() {
		return this.holder;
	}

}
