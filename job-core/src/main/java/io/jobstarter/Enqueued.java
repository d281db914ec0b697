package io.jobstarter;

/**
 * What became of an enqueue.
 *
 * @param id the id of the job: the new one, or the one that holds the unique key
 * @param duplicate whether a job with the same unique key was there already, so that none
 * was added; always {@code false} where the job is added only after the commit of a
 * transaction of another database, so that it cannot be known yet
 */
public record Enqueued(JobId id, boolean duplicate) {
}
