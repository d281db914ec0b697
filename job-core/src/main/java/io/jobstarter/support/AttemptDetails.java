package io.jobstarter.support;

import io.jobstarter.JobId;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knows of an attempt beyond what it tells in events.
 */
public interface AttemptDetails {

	/**
	 * The job.
	 * @return its id
	 */
	JobId id();

	/**
	 * The job's name.
	 * @return the name
	 */
	String name();

	/**
	 * The queue that it came from.
	 * @return the queue's name
	 */
	String queue();

	/**
	 * Which attempt it is.
	 * @return the number, from 1
	 */
	int number();

	/**
	 * The worker that makes it.
	 * @return the worker's id
	 */
	long worker();

	/**
	 * The job's payload.
	 * @return the JSON
	 */
	String payload();

	/**
	 * The span of the attempt, in W3C's form of a {@code traceparent}.
	 * @return the span, or {@code null} if it was not traced
	 */
	@Nullable String trace();

}
