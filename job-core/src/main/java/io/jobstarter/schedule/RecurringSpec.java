package io.jobstarter.schedule;

import io.jobstarter.RecurringRequest;
import org.jspecify.annotations.Nullable;

/**
 * A recurring job as somebody wrote it down, not checked yet.
 *
 * @param id its id
 * @param schedule when it fires
 * @param zone the time zone's name
 * @param jobName the name of its jobs
 * @param payload their payload as JSON
 * @param options the rest
 */
public record RecurringSpec(String id, String schedule, String zone, String jobName, String payload,
		RecurringRequest.Options options) {

	/**
	 * Chooses between the two ways to say when.
	 * @param schedule a schedule, if given
	 * @param every a distance such as {@code 30m}, if given
	 * @return the schedule
	 * @throws io.jobstarter.InvalidScheduleException if none is given, or both are
	 */
	public static String scheduleOf(@Nullable String schedule, @Nullable String every) {
		return Interval.choose(schedule, every);
	}

}
