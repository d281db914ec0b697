package io.jobstarter.store;

import java.time.Instant;

import io.jobstarter.RecurringDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Knows the schedules, which the database only keeps.
 */
@FunctionalInterface
public interface NextFire {

	/**
	 * Finds the next fire.
	 * @param definition of which recurring job
	 * @param now the database's time
	 * @return the first fire after it, or {@code null} if there is none
	 */
	@Nullable Instant after(RecurringDefinition definition, Instant now);

}
