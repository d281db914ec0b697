package io.jobstarter;

/**
 * Runs the jobs of one payload type. Implementations are beans annotated with
 * {@link BackgroundJob}, are called from several threads at once, and should be
 * idempotent unless they are {@linkplain BackgroundJob#transactional() transactional}: a
 * job may run again after a crash.
 *
 * @param <P> the payload type, typically a record
 */
@FunctionalInterface
public interface JobHandler<P> {

	/**
	 * Runs one attempt. Returning normally means success; an exception is judged by
	 * {@link DiscardOn}, {@link RetryOn} and the retry policy.
	 * @param job the payload
	 * @param attempt the attempt that is being made
	 * @throws Exception whatever went wrong; or one of the signals {@link JobRetry},
	 * {@link JobSnooze} and {@link JobDiscard}
	 */
	void handle(P job, JobAttempt attempt) throws Exception;

}
