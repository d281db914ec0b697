package io.jobstarter;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list; {@code null} and an empty set mean any.
 *
 * @param states the states
 * @param name the job name
 * @param queue the queue
 * @param tag a tag
 */
public record JobFilter(Set<JobState> states, @Nullable String name, @Nullable String queue, @Nullable String tag) {

	/**
	 * Every job.
	 */
	public static final JobFilter ALL = new JobFilter(Set.of(), null, null, null);

	public JobFilter {
		states = Set.copyOf(states);
	}

	/**
	 * The jobs in certain states.
	 * @param states the states
	 * @return the filter
	 */
	public static JobFilter in(JobState... states) {
		return new JobFilter(Set.of(states), null, null, null);
	}

	public JobFilter withName(@Nullable String name) {
		return new JobFilter(this.states, name, this.queue, this.tag);
	}

	public JobFilter withQueue(@Nullable String queue) {
		return new JobFilter(this.states, this.name, queue, this.tag);
	}

	public JobFilter withTag(@Nullable String tag) {
		return new JobFilter(this.states, this.name, this.queue, tag);
	}

}
