package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * A job could not be enqueued, since the database that holds the jobs has not been there
 * since this node started, and the application was told to start without it
 * ({@code background-jobs.start}). Nothing was written: the caller may try again later.
 */
public class JobDatabaseUnavailableException extends BackgroundJobException {

	public JobDatabaseUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
