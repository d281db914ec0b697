package io.jobstarter;

import java.time.Instant;

/**
 * A failed attempt as it was recorded.
 *
 * @param id the job's id
 * @param number the number of the attempt, from 1
 * @param failedAt when its failure was settled
 * @param worker the worker that made it
 * @param failure what went wrong
 */
public record AttemptFailure(JobId id, int number, Instant failedAt, long worker, JobFailure failure) {
}
