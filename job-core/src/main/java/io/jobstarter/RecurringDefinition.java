package io.jobstarter;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A recurring job as it was declared.
 *
 * @param id its id, unique in the tables
 * @param schedule when it fires: a cron expression, a macro, or words
 * @param zone the time zone whose clocks the schedule follows, unless it names one
 * @param jobName the name of its jobs
 * @param payload their serialized payload
 * @param queue their queue
 * @param priority their priority
 * @param description what it is for, or {@code null}
 * @param misfire what it does about fires that were noticed too late
 * @param overlap what it does while the previous job is not over
 * @param jitter within how long after its fire a job is due; zero for at once
 * @param catchUp how old a fire may be that it makes up for, or {@code null} for any age
 */
public record RecurringDefinition(String id, String schedule, String zone, String jobName, String payload, String queue,
		int priority, @Nullable String description, Misfire misfire, Overlap overlap, Duration jitter,
		@Nullable Duration catchUp) {

	/**
	 * Tells whether another one fires at the same times.
	 * @param other the other one
	 * @return whether schedule and zone are the same
	 */
	public boolean firesLike(RecurringDefinition other) {
		return this.schedule.equals(other.schedule) && this.zone.equals(other.zone);
	}

}
