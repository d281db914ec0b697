package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.resilience4j.core.Registry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.function.SingletonSupplier;

/**
 * The instances of one kind that Resilience4j's registries hold, or that are beans by
 * themselves. The registries are looked up once, by the check of the names at the latest:
 * the application has made all its beans by then. A registry makes an instance of
 * whatever name it is asked for, so it is only ever asked what it has.
 *
 * @param <E> the type of instances
 * @param <R> the type of registries
 */
final class PolicyInstances<E, R extends Registry<E, ?>> implements KnownPolicies {

	private final PolicyKind kind;

	private final Supplier<List<R>> registries;

	private final Supplier<List<E>> beans;

	private final Function<R, Set<E>> content;

	private final Function<E, String> name;

	PolicyInstances(PolicyKind kind, ObjectProvider<R> registries, ObjectProvider<E> beans, Function<R, Set<E>> content,
			Function<E, String> name) {
		this.kind = kind;
		this.registries = SingletonSupplier.of(() -> registries.orderedStream().toList());
		this.beans = SingletonSupplier.of(() -> beans.orderedStream().toList());
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
			.concat(this.registries.get().stream().flatMap((registry) -> registry.find(name).stream()),
					this.beans.get().stream().filter((bean) -> this.name.apply(bean).equals(name)))
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
		return this.registries.get().stream().findFirst();
	}

	@Override
	public PolicyKind kind() {
		return this.kind;
	}

	@Override
	public boolean isAnywhere() {
		return registry().isPresent() || this.beans.get().stream().findAny().isPresent();
	}

	@Override
	public Set<String> names() {
		Set<String> names = new TreeSet<>();
		this.beans.get().stream().map(this.name).forEach(names::add);
		this.registries.get()
			.stream()
			.map(this.content)
			.forEach((all) -> all.stream().map(this.name).forEach(names::add));
		return names;
	}

	@Override
	public boolean isTemplate(String name) {
		return this.registries.get().stream().anyMatch((registry) -> registry.getConfiguration(name).isPresent());
	}

}
