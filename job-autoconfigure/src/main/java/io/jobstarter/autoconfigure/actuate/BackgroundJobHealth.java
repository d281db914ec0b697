package io.jobstarter.autoconfigure.actuate;

import java.util.Map;

/**
 * How a node does that runs jobs, in no version's own words: Spring Boot 4 has moved the
 * types of its health indicators.
 *
 * @param status the status: {@code UP}, {@code DOWN}, or what the application has chosen
 * for backlogs
 * @param details what the answer is made of, by the name under which it is shown
 */
public record BackgroundJobHealth(String status, Map<String, Object> details) {

	/** The answer where the question itself failed. */
	public static final String FAILED = "Background jobs health check failed";

}
