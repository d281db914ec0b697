package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says how often and after which waits a handler is tried again after certain exceptions.
 * Repeatable, each with a count of its own. Of several that match, the most specific
 * class decides; causes are looked at too, from the outside in.
 */
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(RetryOn.List.class)
public @interface RetryOn {

	/**
	 * The exceptions that this rule is for, their subclasses included.
	 * @return the classes
	 */
	Class<? extends Throwable>[] value();

	/**
	 * How many attempts in all may fail with these exceptions before the job is dead.
	 * @return the number, at least 1
	 */
	int maxAttempts() default 5;

	/**
	 * The wait before the second attempt, such as {@code 3s}.
	 * @return the wait
	 */
	String delay() default "3s";

	/**
	 * How the wait grows from attempt to attempt.
	 * @return the growth
	 */
	Backoff backoff() default Backoff.EXPONENTIAL;

	/**
	 * The longest wait, before jitter is added.
	 * @return the bound
	 */
	String maxDelay() default "1h";

	/**
	 * How much is added to the wait at most, by chance, so that jobs that failed together
	 * do not come back together.
	 * @return the share of the wait, 0 to 1
	 */
	double jitter() default 0.15;

	/**
	 * For how long this rule goes on, such as {@code 6h}, counted from the first failure
	 * that it decided about. The last attempt is made at the end of that time; if it
	 * fails, the job is dead, however many attempts {@link #maxAttempts()} would leave.
	 * Kept with the job and measured by the clock of the database, so that it holds
	 * across nodes and restarts.
	 * @return the time, or an empty string for no limit
	 */
	String giveUpAfter() default "";

	/**
	 * Holds several rules on one element.
	 */
	@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@interface List {

		/**
		 * The rules.
		 * @return the rules
		 */
		RetryOn[] value();

	}

}
