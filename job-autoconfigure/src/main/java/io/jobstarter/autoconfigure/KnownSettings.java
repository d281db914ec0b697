package io.jobstarter.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.jobstarter.support.NearestName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/**
 * The keys that there are below {@code background-jobs}, as the records tell that they
 * are bound to.
 */
final class KnownSettings {

	static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("background-jobs");

	/**
	 * Groups that have a record elsewhere, whose types may not be on the class path.
	 */
	private static final Map<String, List<String>> ELSEWHERE = Map.of("actuator",
			List.of("show-payloads", "show-errors", "roles"));

	private static final String DOTS = " A name that holds a dot stands in brackets, as in \"[eu.mailers]\".";

	private static final Node ROOT = root();

	private KnownSettings() {
	}

	private static Node root() {
		Node root = group(BackgroundJobProperties.class);
		ELSEWHERE.forEach((group, names) -> {
			Map<String, Node> keys = new LinkedHashMap<>();
			names.forEach((name) -> keys.put(name, Node.LIST));
			root.keys().put(group, new Node(keys, null));
		});
		return root;
	}

	private static Node group(Class<?> type) {
		Map<String, Node> keys = new LinkedHashMap<>();
		for (RecordComponent component : type.getRecordComponents()) {
			keys.put(kebabCase(component.getName()), node(ResolvableType.forType(component.getGenericType())));
		}
		return new Node(keys, null);
	}

	private static Node node(ResolvableType type) {
		Class<?> raw = type.toClass();
		if (raw.isRecord()) {
			return group(raw);
		}
		if (Map.class.isAssignableFrom(raw)) {
			return new Node(Map.of(), node(type.asMap().getGeneric(1)));
		}
		return Collection.class.isAssignableFrom(raw) ? Node.LIST : Node.LEAF;
	}

	static String kebabCase(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	/**
	 * Looks a key up.
	 * @param name a name below the prefix, in whatever way it is written
	 * @return what to do if there is no such key, or empty if there is one
	 */
	static Optional<String> remedyIfUnknown(ConfigurationPropertyName name) {
		Node node = ROOT;
		String path = PREFIX.toString();
		Node parent = null;
		for (int i = PREFIX.getNumberOfElements(); i < name.getNumberOfElements(); i++) {
			Node child = node.child(name.getElement(i, Form.UNIFORM));
			if (child == null) {
				return Optional.of(remedy(path, node, parent, name.getElement(i, Form.ORIGINAL)));
			}
			path += "." + name.getElement(i, Form.ORIGINAL);
			parent = node;
			node = child;
		}
		return Optional.empty();
	}

	/**
	 * Looks whether a key only holds others, so that it has no value of its own: to give
	 * it one changes nothing.
	 * @param name a name below the prefix
	 * @return the names of the keys that it holds, empty if it is no group
	 */
	static Set<String> keysOfGroup(ConfigurationPropertyName name) {
		Node node = ROOT;
		for (int i = PREFIX.getNumberOfElements(); node != null && i < name.getNumberOfElements(); i++) {
			node = node.child(name.getElement(i, Form.UNIFORM));
		}
		return (node != null) ? node.keys().keySet() : Set.of();
	}

	private static String remedy(String path, Node node, @Nullable Node parent, String element) {
		return NearestName.of(element, node.keys().keySet())
			.map((near) -> path + "." + near)
			.or(() -> elsewhere(PREFIX.toString(), ROOT, element).findFirst())
			.map((key) -> "Did you mean " + key + "?")
			.orElseGet(() -> known(path, node) + ((parent != null && parent.any() != null) ? DOTS : ""));
	}

	private static String known(String path, Node node) {
		return node.keys().isEmpty() ? path + " is a single value." : "Keys of " + path + " are "
				+ String.join(", ", node.keys().keySet()) + "; keys of your own need another prefix.";
	}

	// The right name in the wrong place.
	private static Stream<String> elsewhere(String path, Node node, String element) {
		Stream<String> here = node.keys()
			.keySet()
			.stream()
			.filter((key) -> uniform(key).equals(uniform(element)))
			.map((key) -> path + "." + key);
		Stream<String> below = node.keys()
			.entrySet()
			.stream()
			.flatMap((entry) -> elsewhere(path + "." + entry.getKey(), entry.getValue(), element));
		Stream<String> named = (node.any() != null) ? elsewhere(path + ".<name>", node.any(), element) : Stream.empty();
		return Stream.of(here, below, named).flatMap((stream) -> stream);
	}

	private static String uniform(String name) {
		return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * A key, or what holds keys.
	 *
	 * @param keys the keys below this one, by name
	 * @param any what is below this one under whatever name, or {@code null}
	 */
	private record Node(Map<String, Node> keys, @Nullable Node any) {

		static final Node LEAF = new Node(Map.of(), null);

		/** A value whose parts have numbers. */
		static final Node LIST = new Node(Map.of(), LEAF);

		@Nullable Node child(String element) {
			return this.keys.entrySet()
				.stream()
				.filter((entry) -> uniform(entry.getKey()).equals(uniform(element)))
				.map(Map.Entry::getValue)
				.findFirst()
				.orElse(this.any);
		}

	}

}
