package io.jobstarter.store;

/**
 * What a node knows of the handlers of recurring jobs, and the database does not.
 */
@FunctionalInterface
public interface FireRules {

	/**
	 * Knows nothing.
	 */
	FireRules NONE = (job) -> job;

	/**
	 * Makes the job of a fire keep to the rules of its handler, as an enqueue does.
	 * @param job the job
	 * @return the job with its keys; one that meets a unique key which is held changes
	 * nothing of the job that holds it, or changes it, but is never refused
	 */
	NewJob apply(NewJob job);

}
