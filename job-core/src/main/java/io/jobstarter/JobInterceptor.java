package io.jobstarter;

/**
 * Runs around every attempt. Interceptors are beans, ordered by Spring's {@code @Order};
 * the lowest value is the outermost. An exception that leaves one counts as the
 * handler's.
 */
@FunctionalInterface
public interface JobInterceptor {

	/**
	 * Runs one attempt.
	 * @param attempt the attempt
	 * @param next what to run: the next interceptor or the handler. To be called once.
	 * @throws Exception what the handler threw, or another
	 */
	void around(JobAttempt attempt, Invocation next) throws Exception;

	/**
	 * What an interceptor runs around.
	 */
	@FunctionalInterface
	interface Invocation {

		/**
		 * Goes on with the attempt.
		 * @throws Exception what the handler threw
		 */
		void proceed() throws Exception;

	}

}
