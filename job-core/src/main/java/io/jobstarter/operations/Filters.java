package io.jobstarter.operations;

import java.util.LinkedHashMap;
import java.util.Map;

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

	/**
	 * Tells what a filter asks for, by name.
	 */
	static Map<String, String> details(DeadLetterFilter filter) {
		Map<String, @Nullable Object> all = new LinkedHashMap<>();
		all.put("name", filter.name());
		all.put("queue", filter.queue());
		all.put("reason", filter.reason());
		all.put("fingerprint", filter.fingerprint());
		all.put("errorClass", filter.errorClass());
		all.put("tag", filter.tag());
		all.put("diedFrom", filter.diedFrom());
		all.put("diedBefore", filter.diedBefore());
		Map<String, String> details = new LinkedHashMap<>();
		all.forEach((name, value) -> {
			if (value != null) {
				details.put(name, value.toString());
			}
		});
		return details;
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
