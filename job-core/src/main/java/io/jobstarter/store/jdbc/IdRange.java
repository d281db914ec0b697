package io.jobstarter.store.jdbc;

import io.jobstarter.JobId;
import org.jspecify.annotations.Nullable;

/**
 * Which ids are read. One id is a range too: a statement with "or :id is null" would scan
 * the table for it once its plan is generic.
 *
 * @param from the lowest
 * @param before above the highest
 */
record IdRange(long from, long before) {

	static IdRange of(JobId id) {
		return new IdRange(id.value(), id.value() + 1);
	}

	static IdRange below(@Nullable JobId before) {
		return new IdRange(0, (before != null) ? before.value() : Long.MAX_VALUE);
	}

}
