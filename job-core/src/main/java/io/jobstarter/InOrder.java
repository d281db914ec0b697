package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs jobs with the same key one after the other, in the order of their ids, over all
 * nodes. Stands beside {@link BackgroundJob}, on the class or the method. Every string
 * attribute may hold <code>${…}</code> placeholders.
 * <p>
 * Ids follow the order in which jobs were enqueued, as far as that has an order: the jobs
 * of transactions that overlap have none between them. A job that was enqueued for later
 * takes its place in the order when it becomes due.
 */
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface InOrder {

	/**
	 * What is kept in order apart from what: <code>#{payload.accountId()}</code>, an
	 * expression as in {@link BackgroundJob#queue()}, evaluated once, when a job is
	 * enqueued. It is stored as it is and shown to operators; one of more than 200
	 * characters, or with control characters, is stored as its hash.
	 * @return the expression, or an empty string for one order of all jobs of the group
	 */
	String key() default "";

	/**
	 * The name of the order. Jobs of several types whose orders have the same name are
	 * kept in one order.
	 * @return the name, {@code [a-z0-9][a-z0-9-]{0,99}}, or an empty string for the name
	 * of the job
	 */
	String group() default "";

	/**
	 * What becomes of the others while the first of a key waits for a retry. One that
	 * died has left the order.
	 * @return whether they wait or go on
	 */
	OnFailure onFailure() default OnFailure.BLOCK;

	/**
	 * What becomes of the jobs behind one that failed.
	 */
	enum OnFailure {

		/** They wait until it has succeeded, died, or was cancelled. */
		BLOCK,

		/** They go on; it runs when it is due again and none of the key runs. */
		SKIP

	}

}
