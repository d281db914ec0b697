package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names exceptions after which a job need not be tried again nor kept: it ends as
 * {@link JobState#DISCARDED}. Goes before a {@link RetryOn} of the same class.
 */
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface DiscardOn {

	/**
	 * The exceptions, their subclasses included.
	 * @return the classes
	 */
	Class<? extends Throwable>[] value();

}
