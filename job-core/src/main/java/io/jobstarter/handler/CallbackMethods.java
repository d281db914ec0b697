package io.jobstarter.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.jobstarter.DeadLetter;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobFailure;
import io.jobstarter.JobOutcome;
import io.jobstarter.OnDead;
import io.jobstarter.OnDiscard;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * The {@link OnDead} and {@link OnDiscard} methods of a bean class, each of which belongs
 * to the handler methods of that class that take the same payload.
 */
final class CallbackMethods {

	private static final Set<Class<?>> OF_DEATH = Set.of(DeadLetter.class, JobFailure.class);

	private static final Set<Class<?>> OF_DISCARD = Set.of(JobAttempt.class, JobOutcome.Discarded.class);

	private final List<Declared> methods = new ArrayList<>();

	private CallbackMethods() {
	}

	/**
	 * Tells whether a method is a callback.
	 * @param method the method
	 * @return whether it is annotated as one
	 */
	static boolean isCallback(Method method) {
		return is(method, OnDead.class) || is(method, OnDiscard.class);
	}

	private static boolean is(Method method, Class<? extends Annotation> annotation) {
		return AnnotatedElementUtils.hasAnnotation(method, annotation);
	}

	/**
	 * Finds the callbacks of a class.
	 * @param type the class
	 * @return its callbacks
	 * @throws InvalidHandlerException if one cannot be called
	 */
	static CallbackMethods of(Class<?> type) {
		CallbackMethods found = new CallbackMethods();
		for (Method method : MethodIntrospector.selectMethods(type, CallbackMethods::isCallback)) {
			if (is(method, OnDead.class)) {
				found.add(method, type, "@OnDead", OF_DEATH);
			}
			if (is(method, OnDiscard.class)) {
				found.add(method, type, "@OnDiscard", OF_DISCARD);
			}
		}
		return found;
	}

	private void add(Method method, Class<?> type, String annotation, Set<Class<?>> facts) {
		String source = type.getName() + "." + method.getName() + "()";
		if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
			throw new InvalidHandlerException("The " + annotation + " method " + source + " is private or static",
					"Make it an instance method that is not private, so that a proxy of the bean can be called");
		}
		HandlerChecks.requireNotAsync(method, source);
		Declared declared = new Declared(method, annotation, source,
				payloadOf(method, type, annotation, source, facts));
		this.methods.stream().filter(declared::isLike).findAny().ifPresent((other) -> {
			throw new InvalidHandlerException(
					"Two " + annotation + " methods take the same payload, " + other.source + " and " + source,
					"Remove one of them");
		});
		this.methods.add(declared);
	}

	private static @Nullable Class<?> payloadOf(Method method, Class<?> type, String annotation, String source,
			Set<Class<?>> facts) {
		Class<?> payload = null;
		for (int i = 0; i < method.getParameterCount(); i++) {
			Class<?> parameter = ResolvableType.forMethodParameter(method, i, type).toClass();
			if (!facts.contains(parameter)) {
				if (payload != null) {
					throw new InvalidHandlerException("The method " + source + " takes too many parameters",
							annotation + " methods take the payload of a @BackgroundJob method of the bean, and "
									+ ((facts == OF_DEATH) ? "optionally a DeadLetter and a JobFailure"
											: "optionally a JobAttempt and a JobOutcome.Discarded"));
				}
				payload = parameter;
			}
		}
		return payload;
	}

	/**
	 * Gives the callbacks of a handler method.
	 * @param beanFactory has the bean
	 * @param beanName the bean's name
	 * @param payloadType what the handler method takes
	 * @return its callbacks
	 */
	JobCallbacks of(ConfigurableBeanFactory beanFactory, String beanName, @Nullable Class<?> payloadType) {
		return new MethodCallbacks(find("@OnDead", payloadType, beanFactory, beanName),
				find("@OnDiscard", payloadType, beanFactory, beanName));
	}

	private @Nullable BeanMethod find(String annotation, @Nullable Class<?> payloadType,
			ConfigurableBeanFactory beanFactory, String beanName) {
		return this.methods.stream()
			.filter((method) -> method.annotation.equals(annotation) && method.payloadType == payloadType)
			.findFirst()
			.map((method) -> new BeanMethod(beanFactory, beanName, method.method, method.source))
			.orElse(null);
	}

	/**
	 * Checks that each callback belongs to a handler method.
	 * @param handlers the handler methods of the bean
	 * @throws InvalidHandlerException if one would never be called
	 */
	void requireHandlers(List<JobDefinition> handlers) {
		for (Declared method : this.methods) {
			if (handlers.stream().noneMatch((handler) -> handler.payloadType() == method.payloadType)) {
				throw new InvalidHandlerException(
						"The " + method.annotation + " method " + method.source
								+ " belongs to no @BackgroundJob method of its bean: none takes "
								+ ((method.payloadType != null) ? method.payloadType.getName() : "nothing"),
						"Let it take the payload of a @BackgroundJob method of the same class; "
								+ "a JobHandler overrides onDead and onDiscard instead");
			}
		}
	}

	/**
	 * A callback.
	 *
	 * @param method the method
	 * @param annotation what it is annotated with
	 * @param source its name in messages
	 * @param payloadType what it takes, or {@code null} for nothing
	 */
	private record Declared(Method method, String annotation, String source, @Nullable Class<?> payloadType) {

		boolean isLike(Declared other) {
			return this.annotation.equals(other.annotation) && Objects.equals(this.payloadType, other.payloadType);
		}

	}

}
