package io.jobstarter.faults.life;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Something that a thread of the test asked for, and what it was told.
 *
 * @param number which act it is; its {@link #reason} is kept with what it changes
 * @param kind what was asked for
 * @param jobs the jobs that it was asked of
 * @param before what was committed before
 * @param after what was committed when it was over
 * @param committed whether it was not rolled back by the test
 * @param answer what it returned
 * @param error what it threw
 */
record Act(int number, Kind kind, List<Long> jobs, Moment before, Moment after, boolean committed,
		@Nullable Object answer, @Nullable Throwable error) {

	private static final String REASON = "act ";

	private static final int SHOWN = 300;

	/**
	 * What is written with whatever an act changes.
	 * @param number which act it is
	 * @return the text
	 */
	static String reason(int number) {
		return REASON + number + ".";
	}

	String reason() {
		return reason(this.number);
	}

	long job() {
		return this.jobs.get(0);
	}

	@Override
	public String toString() {
		return "act " + this.number + ": " + this.kind + this.jobs + (this.committed ? "" : ", rolled back") + " -> "
				+ shorten((this.error != null) ? this.error.toString() : String.valueOf(this.answer));
	}

	private static String shorten(String text) {
		return (text.length() > SHOWN) ? text.substring(0, SHOWN) + " …" : text;
	}

	/**
	 * What can be asked for.
	 */
	enum Kind {

		ENQUEUE, CANCEL, RETRY, DISCARD, RESCHEDULE, REDRIVE, REDRIVE_CORRECTED, FIND, OTHER

	}

}
