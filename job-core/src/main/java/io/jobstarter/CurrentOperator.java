package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * Tells who acts in the calling thread, where an operation does not say so itself. An
 * application that knows its users declares a bean, such as
 * {@code () -> SecurityContextHolder.getContext().getAuthentication().getName()}. What it
 * throws reaches the caller, and nothing is changed: so it may also refuse.
 */
@FunctionalInterface
public interface CurrentOperator {

	/**
	 * Knows nobody.
	 */
	CurrentOperator UNKNOWN = () -> null;

	/**
	 * Names who acts.
	 * @return the name, of which 200 characters are kept, or {@code null} if it is not
	 * known
	 */
	@Nullable String name();

}
