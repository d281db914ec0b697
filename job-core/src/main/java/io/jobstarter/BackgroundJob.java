package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Declares what runs a background job: a bean class that implements {@link JobHandler},
 * or a method of any bean that takes the payload (or nothing) and optionally the
 * {@link JobAttempt}.
 * <p>
 * A payload type has exactly one handler; two stop the start and are both named. Every
 * string attribute may hold <code>${…}</code> placeholders. An attribute that is left at
 * its default yields to {@code background-jobs.defaults.*}; every attribute yields to
 * {@code background-jobs.jobs.<name>.*} and to the options given at enqueue. May be used
 * as a meta-annotation.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Component
public @interface BackgroundJob {

	/**
	 * The name under which jobs are stored, {@code [a-z0-9][a-z0-9-]{0,99}}. Rows outlive
	 * releases: rename with {@link #aliases()}. By default the kebab-case of the
	 * payload's simple class name, or of the method's name where there is no payload.
	 * @return the name, or an empty string for the default
	 */
	String name() default "";

	/**
	 * Former names: rows stored under them still find this handler.
	 * @return the former names
	 */
	String[] aliases() default {};

	/**
	 * The queue that its jobs wait in. It may depend on the payload:
	 * <code>#{payload.premium() ? 'vip' : 'default'}</code> or
	 * <code>tenant-#{payload.tenant()}</code> is evaluated once, when a job is enqueued.
	 * An expression of the Spring Expression Language reads properties of {@code payload}
	 * and calls its methods; types, beans and constructors are refused at start.
	 * @return the queue's name or an expression, or an empty string for
	 * {@code background-jobs.defaults.queue}
	 */
	String queue() default "";

	/**
	 * Shares the queue fairly: each key that has jobs waiting gets an equal part of the
	 * slots that a node has for the queue, however many jobs the others have. Text such
	 * as <code>#{payload.tenantId()}</code> is an expression as in {@link #queue()}.
	 * Without one all its jobs have the same key, and share the queue with other jobs.
	 * Keys are spread over 64 shares; those of one share wait for each other.
	 * @return the key, 1 to 1000 characters, or an empty string for none
	 */
	String fairBy() default "";

	/**
	 * The priority of its jobs within their queue; higher runs first.
	 * @return the priority, -32768 to 32767
	 */
	int priority() default 0;

	/**
	 * How long one attempt may take before its thread is interrupted, such as
	 * {@code 30s}. The attempt ends when the body ends, not when it is interrupted.
	 * @return the timeout, or an empty string for
	 * {@code background-jobs.defaults.timeout}
	 */
	String timeout() default "";

	/**
	 * Whether the handler runs inside the transaction that also settles the job. A lost
	 * lease rolls all of it back, so effects in the same database happen exactly once.
	 * Otherwise a job runs at least once.
	 * @return whether the attempt is one transaction
	 */
	boolean transactional() default false;

	/**
	 * Whether a job that is out of attempts is kept as a dead letter. If not, it is
	 * discarded. One whose payload cannot be read, or whose workers died three times, is
	 * kept all the same: that is no failure of the job.
	 * @return whether dead jobs are kept
	 */
	boolean deadLetter() default true;

	/**
	 * The retry instance of Resilience4j ({@code resilience4j.retry.instances.*}, or a
	 * bean's) that decides about failures for which there is no {@link RetryOn} and no
	 * {@link DiscardOn}: how many attempts, after which waits, after which exceptions.
	 * The wait is a row in the database. A name that there is not stops the start.
	 * @return the instance's name, or an empty string for
	 * {@code background-jobs.defaults.retry}, and without that the default policy
	 */
	String retry() default "";

	/**
	 * The circuit breaker instance of Resilience4j whose configuration the breaker of
	 * these jobs has. A name that there is not stops the start.
	 * @return the instance's name, or an empty string for none
	 */
	String circuitBreaker() default "";

	/**
	 * Makes one breaker for each endpoint or tenant rather than one for all:
	 * <code>#{payload.tenant()}</code>. It is an expression as in {@link #queue()}.
	 * @return the expression, or an empty string for one breaker
	 */
	String circuitBreakerKey() default "";

	/**
	 * The rate limiter instance of Resilience4j whose configuration the limiter of these
	 * jobs has, on each node. Jobs that it refuses wait, and use up no attempt. A name
	 * that there is not stops the start.
	 * @return the instance's name, or an empty string for none
	 */
	String rateLimiter() default "";

	/**
	 * The bean's name, where the annotation stands on a class.
	 * @return the bean name, or an empty string for Spring's default
	 */
	@AliasFor(annotation = Component.class, attribute = "value")
	String beanName() default "";

}
