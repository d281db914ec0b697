package io.jobstarter.handler;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import io.jobstarter.Sensitive;

import org.springframework.util.ClassUtils;

/**
 * What of a payload type, and of all types that it holds, is not to be seen in a key:
 * keys are shown to operators, in logs and endpoints. A name counts wherever it stands in
 * the payload, as an expression does not tell of which type it reads.
 */
final class SensitiveKeys {

	/** What an expression names that means the payload as a whole. */
	private static final Set<String> WHOLE = Set.of("payload", "toString");

	private final Set<String> names = new HashSet<>();

	private final Set<Class<?>> seen = new HashSet<>();

	private final Deque<Type> open = new ArrayDeque<>();

	private SensitiveKeys() {
	}

	static SensitiveKeys of(Class<?> payloadType) {
		SensitiveKeys keys = new SensitiveKeys();
		keys.open.add(payloadType);
		while (!keys.open.isEmpty()) {
			keys.visit(keys.open.remove());
		}
		return keys;
	}

	private void visit(Type type) {
		if (type instanceof ParameterizedType parameterized) {
			this.open.add(parameterized.getRawType());
			this.open.addAll(List.of(parameterized.getActualTypeArguments()));
		}
		else if (type instanceof WildcardType wildcard) {
			this.open.addAll(List.of(wildcard.getUpperBounds()));
		}
		else if (type instanceof GenericArrayType array) {
			this.open.add(array.getGenericComponentType());
		}
		else if (type instanceof Class<?> one && one.isArray()) {
			this.open.add(one.getComponentType());
		}
		else if (type instanceof Class<?> one && holdsProperties(one) && this.seen.add(one)) {
			visitMembers(one);
		}
	}

	private static boolean holdsProperties(Class<?> type) {
		return !type.isEnum() && !ClassUtils.isPrimitiveOrWrapper(type) && !type.getName().startsWith("java.");
	}

	private void visitMembers(Class<?> type) {
		boolean whole = isMarked(type);
		for (Field field : type.getDeclaredFields()) {
			visit(field.getName(), field, field.getGenericType(), whole);
		}
		for (Method method : type.getDeclaredMethods()) {
			if (method.getParameterCount() == 0 && !method.isSynthetic()) {
				visit(method.getName(), method, method.getGenericReturnType(), whole);
			}
		}
		Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces())).forEach(this.open::add);
	}

	private void visit(String name, AnnotatedElement member, Type type, boolean whole) {
		if (whole || isMarked(member) || (type instanceof Class<?> one && isMarked(one))) {
			this.names.add(property(name));
		}
		this.open.add(type);
	}

	private static boolean isMarked(AnnotatedElement element) {
		Sensitive annotation = element.getAnnotation(Sensitive.class);
		return annotation != null && annotation.value();
	}

	// A field, its getter and the accessor of a record are the same to an expression.
	private static String property(String name) {
		String bare = name.startsWith("get") ? name.substring(3) : name.startsWith("is") ? name.substring(2) : name;
		return (bare.isEmpty() ? name : bare).toLowerCase(Locale.ROOT);
	}

	/**
	 * Tells whether a key shows what nobody is to see.
	 * @param read the names of the properties and methods that make it
	 * @param sensitive names of secrets
	 * @return whether it does, or may
	 */
	boolean areIn(Collection<String> read, SensitiveNames sensitive) {
		if (read.stream().anyMatch((name) -> sensitive.match(name) || this.names.contains(property(name)))) {
			return true;
		}
		return WHOLE.containsAll(read) && (!this.names.isEmpty() || this.seen.stream()
			.flatMap((type) -> Stream.of(type.getDeclaredFields()))
			.anyMatch((field) -> sensitive.match(field.getName())));
	}

}
