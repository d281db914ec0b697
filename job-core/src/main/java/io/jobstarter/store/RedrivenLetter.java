package io.jobstarter.store;

import io.jobstarter.JobId;

/**
 * A job that was enqueued in place of a dead letter.
 *
 * @param letter the id of the job that died
 * @param job the new job's id
 * @param lane its lane
 */
public record RedrivenLetter(JobId letter, JobId job, Lane lane) {
}
