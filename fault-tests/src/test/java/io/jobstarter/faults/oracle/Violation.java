package io.jobstarter.faults.oracle;

import org.jspecify.annotations.Nullable;

/**
 * A rule that a run has broken.
 *
 * @param rule the rule
 * @param number the job that broke it, or {@code null} if it was no job of the test
 * @param what what happened
 */
record Violation(Rule rule, @Nullable Integer number, String what) {

	@Override
	public String toString() {
		return this.rule + ((this.number != null) ? ": job " + this.number + " " : ": ") + this.what;
	}

	/**
	 * What a run must not show.
	 */
	enum Rule {

		/** What was committed has not come to a good end. */
		LOST,

		/** Something happened that nobody had committed, or more often than it was. */
		UNEXPECTED,

		/** A body started more often than ends of nodes explain. */
		DUPLICATED,

		/** A job of a node that was gone ran again too late. */
		LATE,

		/** A job ran before it was due. */
		EARLY,

		/** Failed attempts or crashes are not those that there were. */
		MISCOUNTED,

		/** A row is left of what is over. */
		LEFT

	}

}
