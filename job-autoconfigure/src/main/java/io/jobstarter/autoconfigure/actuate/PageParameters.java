package io.jobstarter.autoconfigure.actuate;

import io.jobstarter.InvalidJobException;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * Reads what callers of endpoints pass; what does not fit is a 400.
 */
final class PageParameters {

	private static final int DEFAULT_LIMIT = 50;

	private static final int MAX_TEXT = 100;

	private PageParameters() {
	}

	static JobId id(String id) {
		try {
			return JobId.parse(id);
		}
		catch (InvalidJobException ex) {
			throw new InvalidEndpointRequestException("Not a job id", "a job id is a positive number");
		}
	}

	static @Nullable JobId before(@Nullable String before) {
		return (before != null && !before.isBlank()) ? id(before) : null;
	}

	static @Nullable String text(String parameter, @Nullable String value) {
		if (value == null || value.isEmpty()) {
			return null;
		}
		try {
			return Names.text(parameter, value, 1, MAX_TEXT);
		}
		catch (InvalidJobException ex) {
			throw new InvalidEndpointRequestException("Not a " + parameter, String.valueOf(ex.getMessage()));
		}
	}

	static int limit(@Nullable Integer limit) {
		if (limit == null) {
			return DEFAULT_LIMIT;
		}
		if (limit < 1) {
			throw new InvalidEndpointRequestException("Limit too small", "limit is at least 1");
		}
		return Math.min(limit, JobOperations.MAX_PAGE_SIZE);
	}

}
