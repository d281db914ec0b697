package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits how many jobs with the same key start within a time, over all nodes: in no
 * stretch of that length more than the permits. Stands beside {@link BackgroundJob}, on
 * the class or the method; repeatable: a job then starts when every one of its keys has a
 * permit. Every string attribute may hold <code>${…}</code> placeholders.
 * <p>
 * A job that finds no permit waits as {@link JobState#BLOCKED}, in order, and uses up no
 * attempt. Each attempt takes a permit, retries included, and none is given back.
 */
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(LimitRate.List.class)
public @interface LimitRate {

	/**
	 * What is limited apart from what: <code>#{payload.accountId()}</code>, an expression
	 * as in {@link BackgroundJob#queue()}, evaluated once, when a job is enqueued. It is
	 * stored as it is and shown to operators; one of more than 200 characters, or with
	 * control characters, is stored as its hash.
	 * @return the expression, or an empty string for one rate for all jobs of the group
	 */
	String key() default "";

	/**
	 * How many jobs of a key may start within {@link #per()}.
	 * @return the number, 1 to 1,000,000
	 */
	int permits();

	/**
	 * The time within which they may start, such as {@code 1m}.
	 * @return the time, 100ms to 31d
	 */
	String per();

	/**
	 * The name of the limit. Jobs of several types whose limits have the same name share
	 * the permits of a key; they have to say the same {@link #permits()} and
	 * {@link #per()}.
	 * @return the name, {@code [a-z0-9][a-z0-9-]{0,99}}, or an empty string for the name
	 * of the job
	 */
	String group() default "";

	/**
	 * Several limits.
	 */
	@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@interface List {

		/**
		 * The limits.
		 * @return the limits
		 */
		LimitRate[] value();

	}

}
