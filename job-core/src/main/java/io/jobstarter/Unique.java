package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes the jobs of a {@link BackgroundJob} unique: of those with the same {@link #key()}
 * at most one is there {@linkplain #until() until} it has started, has finished, or a
 * time has passed. A unique index decides; jobs that are due later count. Stands beside
 * that annotation, on the class or the method, or on an annotation of one's own.
 */
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Unique {

	/**
	 * What tells jobs apart, as text with expressions over the payload, such as
	 * <code>#{payload.accountId()}</code>. It is worked out once, at the enqueue, and
	 * holds for jobs of this name only. Placeholders (<code>${…}</code>) are resolved.
	 * @return the key, or an empty string for the whole payload
	 */
	String key() default "";

	/**
	 * What frees the key.
	 * @return what does
	 */
	UniqueUntil until() default UniqueUntil.STARTED;

	/**
	 * How long the key is held from the enqueue on, such as {@code 10m}, if it is held
	 * until it has {@linkplain UniqueUntil#EXPIRED expired}. Placeholders are resolved.
	 * @return the time, or an empty string
	 */
	String ttl() default "";

	/**
	 * What becomes of an enqueue that meets the key.
	 * @return what does
	 */
	UniqueConflict onConflict() default UniqueConflict.KEEP_EXISTING;

	/**
	 * By how much a job is put off, such as {@code 5s}, unless the enqueue says when it
	 * is due. Others join it meanwhile: with {@link UniqueConflict#KEEP_EXISTING} it runs
	 * then, at most once within the time (throttle); with {@link UniqueConflict#REPLACE}
	 * or {@link UniqueConflict#RESCHEDULE} each of them puts it off again (debounce).
	 * Placeholders are resolved.
	 * @return the time, or an empty string for not at all
	 */
	String within() default "";

	/**
	 * How long after the first enqueue the others may put a job off. Placeholders are
	 * resolved.
	 * @return the time, or an empty string for ten times {@link #within()}
	 */
	String maxDelay() default "";

}
