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

	/**
	 * Hears that a job has become a dead letter, to clean up what its attempts left
	 * behind. It is called once the letter is there, on a node that knows this handler,
	 * in the context that the job was enqueued in, and in no transaction. If it throws,
	 * it is called again, five times in all, with growing waits; how that ended is shown
	 * with the letter, which is kept whatever happens. If a node dies while it runs, or
	 * it takes longer than five minutes, it is called again, so it may run more than
	 * once.
	 * <p>
	 * Not called for a payload that cannot be read, nor once the letter has been retried.
	 * @param job the payload
	 * @param letter the dead letter, with what went wrong
	 * @throws Exception whatever went wrong
	 */
	default void onDead(P job, DeadLetter letter) throws Exception {
	}

	/**
	 * Hears that an attempt has ended the job by a discard: by {@link JobDiscard}, by a
	 * {@link DiscardOn}, or for want of attempts where no dead letters are kept. It is
	 * called in the thread and in the context of the attempt, after a transaction of the
	 * handler was rolled back and before the discard is written. So if the node dies
	 * meanwhile, the job runs again, and this perhaps too. What it throws is logged and
	 * changes nothing.
	 * <p>
	 * Not called when an operator discards a job.
	 * @param job the payload
	 * @param attempt the attempt
	 * @param outcome why
	 * @throws Exception whatever went wrong
	 */
	default void onDiscard(P job, JobAttempt attempt, JobOutcome.Discarded outcome) throws Exception {
	}

}
