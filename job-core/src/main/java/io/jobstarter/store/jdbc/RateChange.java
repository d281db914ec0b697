package io.jobstarter.store.jdbc;

import io.jobstarter.JobRate;
import io.jobstarter.store.RateWindow;
import org.jspecify.annotations.Nullable;

/**
 * How the row of a rate is to stand.
 *
 * @param name its name
 * @param rate the rate
 * @param window what is taken
 * @param released how many jobs were let go that have not taken their permits yet
 * @param releasesNow whether some are let go now
 * @param dueIn in how many microseconds the next jobs that wait for it may go, or
 * {@code null} if none waits
 */
record RateChange(String name, JobRate rate, RateWindow window, int released, boolean releasesNow,
		@Nullable Long dueIn) {
}
