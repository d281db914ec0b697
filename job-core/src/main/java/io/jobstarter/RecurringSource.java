package io.jobstarter;

/**
 * Where a recurring job is declared.
 */
public enum RecurringSource {

	/** By {@link Recurring} on a handler. */
	CODE,

	/** By {@code background-jobs.recurring.*}. */
	CONFIGURATION,

	/** At run time, by {@link RecurringJobs#put}: it lives in the database only. */
	DYNAMIC

}
