package io.jobstarter.operations;

import io.jobstarter.DeadLetterFilter;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobOperations;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;

/**
 * What operators may ask for.
 */
final class Filters {

	private static final int MAX_TEXT = 1_000;

	private Filters() {
	}

	static void check(DeadLetterFilter filter) {
		check(filter.name(), filter.queue(), filter.fingerprint(), filter.errorClass(), filter.tag());
	}

	// Not by the patterns of names: what no job is called is found nowhere, and only what
	// a database refuses is an error.
	static void check(@Nullable String... texts) {
		for (String text : texts) {
			if (text != null) {
				Names.text("filter", text, 0, MAX_TEXT);
			}
		}
	}

	static void checkLimit(int limit) {
		if (limit < 1 || limit > JobOperations.MAX_PAGE_SIZE) {
			throw new InvalidJobException("A page holds 1 to " + JobOperations.MAX_PAGE_SIZE + " rows, not " + limit);
		}
	}

}
