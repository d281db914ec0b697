package io.jobstarter.handler;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.TypeHint;
import org.springframework.util.ClassUtils;

/**
 * What a native image has to keep of a payload, so that it is written as JSON and read
 * again: constructors, fields and accessors of its class, and of all that it holds.
 */
final class PayloadHints {

	private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

	private final ReflectionHints hints;

	private final Set<Class<?>> done = new HashSet<>();

	PayloadHints(ReflectionHints hints) {
		this.hints = hints;
	}

	// Spring's registrar follows properties, but knows nothing of subtypes.
	void register(Class<?> payloadType) {
		Deque<Class<?>> open = new ArrayDeque<>();
		open.add(payloadType);
		while (!open.isEmpty()) {
			Class<?> type = open.remove();
			if (this.done.add(type)) {
				BINDING.registerReflectionHints(this.hints, type);
				subtypesOfWhatIsReachableFrom(type).forEach(open::add);
			}
		}
	}

	private static Stream<Class<?>> subtypesOfWhatIsReachableFrom(Class<?> type) {
		ReflectionHints reachable = new ReflectionHints();
		BINDING.registerReflectionHints(reachable, type);
		return reachable.typeHints().map((hint) -> load(hint, type.getClassLoader())).flatMap(PayloadHints::subtypes);
	}

	private static Class<?> load(TypeHint hint, @Nullable ClassLoader classLoader) {
		return ClassUtils.resolveClassName(hint.getType().getName(), classLoader);
	}

	private static Stream<Class<?>> subtypes(Class<?> type) {
		JsonSubTypes declared = type.getAnnotation(JsonSubTypes.class);
		return (declared != null) ? Arrays.stream(declared.value()).map(JsonSubTypes.Type::value) : Stream.empty();
	}

}
