package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits how many jobs with the same key run at the same time, over all nodes. Stands
 * beside {@link BackgroundJob}, on the class or the method; repeatable: a job then runs
 * when every one of its keys has room. Every string attribute may hold <code>${…}</code>
 * placeholders.
 * <p>
 * A job that finds no room waits as {@link JobState#BLOCKED}, in order, holds none of its
 * keys meanwhile, and uses up no attempt. The transaction that settles a job lets the
 * next one go. A permit belongs to the claim that took it: it ends with the settled
 * attempt, or with the lease of a worker that died, and never by a time-out.
 */
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(LimitConcurrency.List.class)
public @interface LimitConcurrency {

	/**
	 * What is limited apart from what: <code>#{payload.accountId()}</code>, an expression
	 * as in {@link BackgroundJob#queue()}, evaluated once, when a job is enqueued. It is
	 * stored as it is and shown to operators; one of more than 200 characters, or with
	 * control characters, is stored as its hash.
	 * @return the expression, or an empty string for one limit for all jobs of the group
	 */
	String key() default "";

	/**
	 * How many jobs of a key may run at the same time.
	 * {@code background-jobs.limits.<group>} goes before it, and what an operator has set
	 * before that.
	 * @return the limit, 1 to 100,000
	 */
	int to() default 1;

	/**
	 * The name of the limit. Jobs of several types whose limits have the same name share
	 * the permits of a key; they have to say the same {@link #to()}.
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
		LimitConcurrency[] value();

	}

}
