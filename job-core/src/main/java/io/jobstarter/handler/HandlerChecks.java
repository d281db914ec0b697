package io.jobstarter.handler;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

import io.jobstarter.OnDead;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;

/**
 * Refuses at the start what would fail, or succeed too early, whenever a job runs.
 */
final class HandlerChecks {

	/** Of Spring's web scopes, those that end with a request or a session. */
	private static final Set<String> SCOPES_OF_OTHER_THREADS = Set.of("request", "session", "websocket");

	private HandlerChecks() {
	}

	static Class<?> requirePayloadType(@Nullable Class<?> type, String source) {
		boolean concrete = type != null && !type.isPrimitive() && !type.isArray()
				&& !Modifier.isAbstract(type.getModifiers()) && !type.getName().startsWith("java.");
		if (type == null || !concrete) {
			throw new InvalidHandlerException(
					"The payload type of " + source + " is " + ((type != null) ? type.getName() : "not known"),
					"Declare a record, or another class of your own, as the payload: each payload type has one handler");
		}
		if (type.getTypeParameters().length > 0) {
			throw new InvalidHandlerException(
					"The payload type of " + source + " is " + type.getName() + ", which has type parameters",
					"Declare a record without any, which names its types: they are not stored with a payload");
		}
		if (ClassUtils.isInnerClass(type)) {
			throw new InvalidHandlerException(
					"The payload type of " + source + " is " + type.getName() + ", which belongs to another object",
					"Make it a record or a static class: what is read from the database has no outer object");
		}
		return type;
	}

	static void requireCallable(Method method, Class<?> type, String source) {
		if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
			throw new InvalidHandlerException("The @BackgroundJob method " + source + " is private or static",
					"Make it an instance method that is not private, so that a proxy of the bean can be called");
		}
		Class<?> returned = ResolvableType.forMethodReturnType(method, type).toClass();
		if (isUnfinished(returned)) {
			throw new InvalidHandlerException(
					"The @BackgroundJob method " + source + " returns a " + returned.getName(),
					"A job is over when its method returns: wait for the result inside, and return nothing");
		}
		requireNotAsync(method, source);
		requireNotAsync(type, source);
	}

	static void requireNotAsync(AnnotatedElement element, String source) {
		if (AnnotatedElementUtils.hasAnnotation(element, Async.class)) {
			throw new InvalidHandlerException("The handler " + source + " is @Async, so that it returns before its end",
					"Remove @Async: a job runs in a thread of its own, and is over when its handler returns");
		}
	}

	static void requireScope(BeanDefinition definition, String source) {
		String scope = definition.getScope();
		if (scope != null && SCOPES_OF_OTHER_THREADS.contains(scope)) {
			throw new InvalidHandlerException("The handler " + source + " is a bean of the scope '" + scope + "'",
					"Make it a singleton or a prototype, and pass what it needs of a request in the payload: "
							+ "jobs run without one");
		}
		// Behind a scoped proxy, which is a singleton.
		BeanDefinition original = definition.getOriginatingBeanDefinition();
		if (original != null) {
			requireScope(original, source);
		}
	}

	/**
	 * Checks that a method can be called on a bean as it is, proxies included.
	 * @param method the method
	 * @param bean the bean
	 * @param source the method's name in messages
	 */
	static void requireReachable(Method method, Object bean, String source) {
		if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())) {
			throw new InvalidHandlerException(
					"The " + annotationOf(method) + " method " + source + " is final, and its bean has a proxy",
					"Remove 'final': a call would miss the bean behind the proxy");
		}
		try {
			AopUtils.selectInvocableMethod(method, bean.getClass());
		}
		catch (IllegalStateException ex) {
			throw new InvalidHandlerException(
					"The " + annotationOf(method) + " method " + source
							+ " is in none of the interfaces of its bean's proxy "
							+ Arrays.toString(bean.getClass().getInterfaces()),
					"Declare it in an interface, implement JobHandler<P> instead, or let Spring proxy classes "
							+ "(spring.aop.proxy-target-class=true)");
		}
	}

	private static String annotationOf(Method method) {
		if (!CallbackMethods.isCallback(method)) {
			return "@BackgroundJob";
		}
		return AnnotatedElementUtils.hasAnnotation(method, OnDead.class) ? "@OnDead" : "@OnDiscard";
	}

	// What is started by its caller, or goes on after the method has returned.
	private static boolean isUnfinished(Class<?> returned) {
		return Future.class.isAssignableFrom(returned) || CompletionStage.class.isAssignableFrom(returned)
				|| Flow.Publisher.class.isAssignableFrom(returned) || BaseStream.class.isAssignableFrom(returned)
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(returned) != null || isPublisher(returned);
	}

	private static boolean isPublisher(Class<?> returned) {
		return returned.getName().equals("org.reactivestreams.Publisher")
				|| ClassUtils.getAllInterfacesForClassAsSet(returned)
					.stream()
					.anyMatch((type) -> type.getName().equals("org.reactivestreams.Publisher"));
	}

}
