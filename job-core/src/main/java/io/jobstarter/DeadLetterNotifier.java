package io.jobstarter;

/**
 * Tells people of dead letters. A bean of this type takes the place of the built-in one,
 * which writes a line to the log for each job name and kind of failure, once a minute at
 * most. It is called on one thread of its own, one letter after another, after the letter
 * is committed, on the node where the job died. What it throws is logged; while it hangs,
 * up to 1,000 letters wait for it and the rest are counted and skipped. Nothing waits for
 * it, and letters that wait when the process ends are not told: to be certain, look at
 * {@link JobOperations#deadLetterGroups}.
 */
@FunctionalInterface
public interface DeadLetterNotifier {

	/**
	 * Tells of a dead letter.
	 * @param letter the dead letter
	 * @throws Exception whatever went wrong
	 */
	void deadLettered(JobEvent.DeadLettered letter) throws Exception;

}
