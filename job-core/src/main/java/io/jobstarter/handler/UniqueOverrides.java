package io.jobstarter.handler;

import java.time.Duration;

import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about how jobs are unique; {@code null} leaves it to the
 * annotation.
 *
 * @param enabled whether they are unique at all
 * @param key what tells them apart
 * @param until what frees the key
 * @param ttl how long it is held, if until it has expired
 * @param onConflict what becomes of an enqueue that meets it
 * @param within by how much a job is put off
 * @param maxDelay how long others may put it off
 */
public record UniqueOverrides(@Nullable Boolean enabled, @Nullable String key, @Nullable UniqueUntil until,
		@Nullable Duration ttl, @Nullable UniqueConflict onConflict, @Nullable Duration within,
		@Nullable Duration maxDelay) {

	/**
	 * Leaves all to the annotation.
	 */
	public static final UniqueOverrides NONE = new UniqueOverrides(null, null, null, null, null, null, null);

}
