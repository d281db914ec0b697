package io.jobstarter;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Identifies a job, from enqueue to history.
 *
 * @param value the value, positive; 0 stands for a job without a row
 */
public record JobId(long value) implements Comparable<JobId> {

	/**
	 * The id of what has no row: a job run by {@link JobClient#runNow}.
	 */
	public static final JobId NONE = new JobId(0);

	public JobId {
		if (value < 0) {
			throw new InvalidJobException("A job id is a positive number, not " + value);
		}
	}

	/**
	 * Reads what {@link #toString()} wrote.
	 * @param text the digits
	 * @return the id
	 * @throws InvalidJobException if the text is not a positive number
	 */
	public static JobId parse(String text) {
		try {
			return new JobId(Long.parseLong(text.strip()));
		}
		catch (NumberFormatException ex) {
			// Not the text itself: it comes from outside, and the message may be shown.
			throw new InvalidJobException("A job id is a positive number");
		}
	}

	// A header can also be set by whoever enqueues a job.
	static @Nullable JobId ofOrigin(Map<String, String> headers) {
		String origin = headers.get(DeadLetterRedrives.ORIGIN_HEADER);
		try {
			return (origin != null) ? parse(origin) : null;
		}
		catch (InvalidJobException ex) {
			return null;
		}
	}

	@Override
	public int compareTo(JobId other) {
		return Long.compare(this.value, other.value);
	}

	@Override
	public String toString() {
		return Long.toString(this.value);
	}

}
