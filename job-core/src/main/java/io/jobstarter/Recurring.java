package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Enqueues a job of a {@link BackgroundJob} again and again, once for each fire whatever
 * the number of nodes. Stands beside that annotation, on the class or the method;
 * repeatable, each with an {@link #id()} of its own. Every string attribute may hold
 * <code>${…}</code> placeholders.
 */
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(Recurring.List.class)
public @interface Recurring {

	/**
	 * When it fires, in words ({@code every day at 04:02}), as a cron expression of five
	 * or six fields, or as a macro ({@code @daily}).
	 * @return the schedule, or an empty string where {@link #every()} says it
	 */
	@AliasFor("cron")
	String value() default "";

	/**
	 * Another name of {@link #value()}.
	 * @return the schedule
	 */
	@AliasFor("value")
	String cron() default "";

	/**
	 * The time from one fire to the next, such as {@code 30m}, in whole seconds. It is
	 * counted from the beginning of 1970 in UTC, so that nodes and restarts agree.
	 * @return the time, or an empty string where {@link #value()} says it
	 */
	String every() default "";

	/**
	 * The time zone whose clocks the schedule follows, such as {@code Europe/Berlin},
	 * unless the schedule names one itself.
	 * @return the zone
	 */
	String zone() default "UTC";

	/**
	 * The name of this recurring job, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,99}}, unique in
	 * the tables.
	 * @return the id, or an empty string for the job's name
	 */
	String id() default "";

	/**
	 * The payload of its jobs.
	 * @return JSON that the handler's payload type can be read from
	 */
	String payload() default "{}";

	/**
	 * Spreads its jobs: each is due at a time within so long after its fire, the same for
	 * the same fire.
	 * @return the time, such as {@code 5m}, or an empty string for none
	 */
	String jitter() default "";

	/**
	 * What to do about fires that were noticed too late.
	 * @return the policy
	 */
	Misfire misfire() default Misfire.ONCE;

	/**
	 * What to do while the previous job is not over.
	 * @return the policy
	 */
	Overlap overlap() default Overlap.ALLOW;

	/**
	 * How old a fire may be that {@link Misfire#ONCE} and {@link Misfire#ALL} make up
	 * for.
	 * @return the time, such as {@code 12h}, or an empty string for any age
	 */
	String catchUp() default "";

	/**
	 * What it is for, as operators read it.
	 * @return the text, at most 500 characters
	 */
	String description() default "";

	/**
	 * Several of them.
	 */
	@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@interface List {

		/**
		 * The recurring jobs.
		 * @return the annotations
		 */
		Recurring[] value();

	}

}
