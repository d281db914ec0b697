package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a method that hears of the dead letters of the {@link BackgroundJob} methods
 * of the same bean that take the same payload: what {@link JobHandler#onDead} is to a
 * class. It takes that payload, or nothing where these methods take none, and optionally
 * the {@link DeadLetter} and the {@link JobFailure}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OnDead {

}
