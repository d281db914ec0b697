package io.jobstarter;

/**
 * What became of an enqueue.
 *
 * @param id the id of the job: the new one, or the one that holds the unique key;
 * {@link JobId#NONE} if its queue was full and it has run in the calling thread instead
 * @param duplicate whether a job with the same unique key was there already, so that none
 * was added; always {@code false} where the job is added only after the commit of a
 * transaction of another database, so that it cannot be known yet
 */
public record Enqueued(JobId id, boolean duplicate) {
}
