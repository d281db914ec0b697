package io.jobstarter.store;

import io.jobstarter.JobId;

/**
 * A job in place of a dead letter.
 *
 * @param letter the id of the job that died
 * @param job the job's id
 * @param lane the lane of a new job
 * @param joined whether it is no new job, but one that was there and holds the unique key
 * of the letter's
 */
public record RedrivenLetter(JobId letter, JobId job, Lane lane, boolean joined) {

	/**
	 * Makes a new job in place of a letter.
	 * @param letter the id of the job that died
	 * @param job the new job's id
	 * @param lane its lane
	 */
	public RedrivenLetter(JobId letter, JobId job, Lane lane) {
		this(letter, job, lane, false);
	}

}
