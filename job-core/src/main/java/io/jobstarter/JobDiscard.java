package io.jobstarter;

/**
 * Thrown by a handler when the job need not be done any more: it ends as
 * {@link JobState#DISCARDED}, without a dead letter.
 */
public final class JobDiscard extends JobSignal {

	private JobDiscard(String reason) {
		super(reason, null);
	}

	/**
	 * Ends the job.
	 * @param reason why, kept in the history
	 * @return what to throw
	 */
	public static JobDiscard because(String reason) {
		return new JobDiscard(reason);
	}

	public String reason() {
		return String.valueOf(getMessage());
	}

}
