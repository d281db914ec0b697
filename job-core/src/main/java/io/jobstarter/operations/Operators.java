package io.jobstarter.operations;

import io.jobstarter.Audit;
import io.jobstarter.CurrentOperator;
import io.jobstarter.InvalidJobException;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;

/**
 * Who acts, and why.
 */
final class Operators {

	private static final int MAX_NAME = 200;

	private static final int MAX_REASON = 1_000;

	private final CurrentOperator current;

	Operators(CurrentOperator current) {
		this.current = current;
	}

	/**
	 * Checks an audit, and adds the current operator where it names nobody.
	 * @param audit what the caller gave
	 * @return what is kept
	 * @throws InvalidJobException if it is longer than it may be
	 */
	Audit complete(Audit audit) {
		if (audit.why() != null) {
			Names.text("reason", audit.why(), 0, MAX_REASON);
		}
		return new Audit(name(audit.by()), audit.why());
	}

	/**
	 * Checks the name of an operator, or finds out the current one's.
	 * @param given what the caller gave, if anything
	 * @return the name, or {@code null} if it is not known
	 * @throws InvalidJobException if it is longer than it may be
	 */
	@Nullable String name(@Nullable String given) {
		if (given != null) {
			return Names.text("operator", given, 1, MAX_NAME);
		}
		String name = this.current.name();
		return (name != null) ? CleanText.storable(name, MAX_NAME) : null;
	}

	/**
	 * Tells an audit in a line.
	 * @param audit the audit
	 * @return the line, or {@code null} if there is nothing to tell
	 */
	static @Nullable String text(Audit audit) {
		if (audit.by() == null) {
			return audit.why();
		}
		return (audit.why() != null) ? audit.why() + " (" + audit.by() + ")" : "by " + audit.by();
	}

}
