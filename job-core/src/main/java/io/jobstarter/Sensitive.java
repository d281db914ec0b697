package io.jobstarter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what nobody is to see of a payload, whoever may see payloads: a component of a
 * record, a field or a getter, of the payload type or of what it holds, or a whole type.
 * Endpoints and logs show it as {@code ******}. It is stored as it is. <pre>{@code
 * record ChargeCard(long orderId, @Sensitive String cardNumber, @Sensitive(false) int tokenCount) {
 * }
 * }</pre>
 */
@Target({ ElementType.TYPE, ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER,
		ElementType.RECORD_COMPONENT })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Sensitive {

	/**
	 * Whether it is sensitive. {@code false} says that it is not, although its name is
	 * one of those that are masked.
	 * @return whether it is sensitive
	 */
	boolean value() default true;

}
