package io.jobstarter.handler;

import java.lang.reflect.Method;
import java.util.Set;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.util.ClassUtils;

/**
 * What a native image has to keep of a handler: the methods that are searched for
 * annotations, those that are called, and the properties of payloads.
 */
final class HandlerHints {

	private final ReflectionHints hints;

	private final PayloadHints payloads;

	HandlerHints(ReflectionHints hints) {
		this.hints = hints;
		this.payloads = new PayloadHints(hints);
	}

	void register(Class<?> type, Set<Method> methods, Set<Class<?>> payloads) {
		registerSearched(type);
		methods.forEach((method) -> registerCalled(type, method));
		payloads.forEach(this.payloads::register);
	}

	// An annotation may stand on a method of a superclass or of an interface.
	private void registerSearched(Class<?> type) {
		for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
			this.hints.registerType(c, MemberCategory.INTROSPECT_DECLARED_METHODS);
		}
		for (Class<?> i : ClassUtils.getAllInterfacesForClass(type)) {
			this.hints.registerType(i, MemberCategory.INTROSPECT_DECLARED_METHODS);
		}
	}

	// A JDK proxy of the bean has the method of the interface only.
	private void registerCalled(Class<?> type, Method method) {
		this.hints.registerMethod(method, ExecutableMode.INVOKE);
		for (Class<?> i : ClassUtils.getAllInterfacesForClass(type)) {
			Method declared = ClassUtils.getMethodIfAvailable(i, method.getName(), method.getParameterTypes());
			if (declared != null) {
				this.hints.registerMethod(declared, ExecutableMode.INVOKE);
			}
		}
	}

}
