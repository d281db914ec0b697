package io.jobstarter.operations;

import io.jobstarter.InvalidPayloadException;

/**
 * Says whether a payload that a person wrote can be the payload of a job.
 */
@FunctionalInterface
public interface PayloadCheck {

	/**
	 * Checks a payload.
	 * @param name the job's name, which this node need not know
	 * @param payload the payload, as it would be stored
	 * @throws InvalidPayloadException if it cannot be one
	 */
	void check(String name, String payload);

}
