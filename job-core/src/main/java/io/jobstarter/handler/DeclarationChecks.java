package io.jobstarter.handler;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import io.jobstarter.InvalidJobException;
import io.jobstarter.RetryOn;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.NearestName;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ReflectionUtils;

/**
 * Finds declarations that compile and start, and do not do what they seem to.
 */
final class DeclarationChecks {

	private static final int MAX_NAMES = 500;

	private DeclarationChecks() {
	}

	/**
	 * Refuses a handler class whose handle method returns at once.
	 * @param type the class
	 * @param source the handler, for the message
	 */
	static void requireSynchronousHandle(Class<?> type, String source) {
		requireSynchronous(type, source);
		Method[] handles = ReflectionUtils.getUniqueDeclaredMethods(type,
				(method) -> method.getName().equals("handle") && !method.isBridge());
		for (Method handle : handles) {
			requireSynchronous((AnnotatedElement) handle, source);
		}
	}

	/**
	 * Refuses a handler method that returns at once.
	 * @param method the method
	 * @param source the handler, for the message
	 */
	static void requireSynchronous(Method method, String source) {
		requireSynchronous((AnnotatedElement) method, source);
		requireSynchronous(method.getDeclaringClass(), source);
	}

	private static void requireSynchronous(AnnotatedElement element, String source) {
		if (AnnotatedElementUtils.hasAnnotation(element, Async.class)) {
			throw new InvalidHandlerException("The handler " + source + " is @Async, so that it returns before its end",
					"Remove @Async: a job runs in a thread of its own, and is over when its handler returns");
		}
	}

	/**
	 * Refuses payloads of which JSON does not tell what they hold.
	 * @param payloadType the type
	 * @param source the handler, for the message
	 */
	static void requireNoTypeParameters(Class<?> payloadType, String source) {
		if (payloadType.getTypeParameters().length > 0) {
			throw new InvalidHandlerException(
					"The payload type of " + source + " is " + payloadType.getName() + ", which has type parameters",
					"Declare a class without any: JSON does not tell what stands for them");
		}
	}

	/**
	 * Refuses two rules of which only one would ever decide. One that is inherited, or
	 * comes with an annotation of the team's own, may be said again.
	 * @param element the class or method that they stand on
	 * @throws InvalidJobException if there are two
	 */
	static void requireOneRuleForEach(AnnotatedElement element) {
		Set<Class<?>> seen = new HashSet<>();
		for (RetryOn rule : element.getDeclaredAnnotationsByType(RetryOn.class)) {
			Set<Class<?>> errors = new HashSet<>(Arrays.asList(rule.value()));
			for (Class<?> error : errors) {
				if (!seen.add(error)) {
					throw new InvalidJobException("Two @RetryOn are for " + error.getName());
				}
			}
		}
	}

	/**
	 * Says what the configuration of an unknown job may mean.
	 * @param name the unknown name
	 * @param known the names that there are
	 * @return a remedy
	 */
	static String meant(String name, Collection<String> known) {
		String all = CleanText.printable("Known jobs are " + known.stream().sorted().toList(), MAX_NAMES);
		return NearestName.of(name, known)
			.map((near) -> "Did you mean background-jobs.jobs." + near + "? " + all)
			.orElse(all);
	}

}
