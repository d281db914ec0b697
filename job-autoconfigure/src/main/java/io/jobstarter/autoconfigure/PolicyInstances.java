package io.jobstarter.autoconfigure;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.resilience4j.core.Registry;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The instances of one kind that Resilience4j's registries hold, or that are beans by
 * themselves. Looked up when they are needed: a registry makes an instance of whatever
 * name it is asked for, so it is only ever asked what it has, and not before the
 * application had the time to fill it.
 *
 * @param <E> the type of instances
 * @param <R> the type of registries
 */
final class PolicyInstances<E, R extends Registry<E, ?>> implements KnownPolicies {

	private final PolicyKind kind;

	private final ObjectProvider<R> registries;

	private final ObjectProvider<E> beans;

	private final Function<R, Set<E>> content;

	private final Function<E, String> name;

	PolicyInstances(PolicyKind kind, ObjectProvider<R> registries, ObjectProvider<E> beans, Function<R, Set<E>> content,
			Function<E, String> name) {
		this.kind = kind;
		this.registries = registries;
		this.beans = beans;
		this.content = content;
		this.name = name;
	}

	/**
	 * Finds an instance.
	 * @param name its name
	 * @return the instance, or empty if there is none
	 */
	Optional<E> find(String name) {
		return Stream
			.concat(this.registries.orderedStream().flatMap((registry) -> registry.find(name).stream()),
					this.beans.orderedStream().filter((bean) -> this.name.apply(bean).equals(name)))
			.findFirst();
	}

	/**
	 * Finds an instance whose name was checked at start.
	 * @param name its name
	 * @return the instance
	 * @throws IllegalStateException if somebody has removed it since
	 */
	E get(String name) {
		return find(name).orElseThrow(
				() -> new IllegalStateException("The " + this.kind.noun() + " '" + name + "' is not there any more"));
	}

	/**
	 * Finds a registry.
	 * @return the first one, if there is any
	 */
	Optional<R> registry() {
		return this.registries.orderedStream().findFirst();
	}

	@Override
	public PolicyKind kind() {
		return this.kind;
	}

	@Override
	public boolean isAnywhere() {
		return registry().isPresent() || this.beans.orderedStream().findAny().isPresent();
	}

	@Override
	public Set<String> names() {
		Set<String> names = new TreeSet<>();
		this.beans.orderedStream().map(this.name).forEach(names::add);
		this.registries.orderedStream()
			.map(this.content)
			.forEach((all) -> all.stream().map(this.name).forEach(names::add));
		return names;
	}

	@Override
	public boolean isTemplate(String name) {
		return this.registries.orderedStream().anyMatch((registry) -> registry.getConfiguration(name).isPresent());
	}

}
