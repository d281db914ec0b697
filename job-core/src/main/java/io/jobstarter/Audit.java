package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * Who changes something, and why: kept with what was changed.
 *
 * @param by who, at most 200 characters, or {@code null} for whom {@link CurrentOperator}
 * names
 * @param why why, at most 1,000 characters, or {@code null}
 */
public record Audit(@Nullable String by, @Nullable String why) {

	/**
	 * Leaves the name to {@link CurrentOperator}, and gives no reason.
	 */
	public static final Audit NONE = new Audit(null, null);

	/**
	 * Gives a reason, and leaves the name to {@link CurrentOperator}.
	 * @param why the reason
	 * @return the audit
	 */
	public static Audit because(String why) {
		return new Audit(null, why);
	}

	/**
	 * Names who acts.
	 * @param by the name
	 * @return this audit with it
	 */
	public Audit by(String by) {
		return new Audit(by, this.why);
	}

}
