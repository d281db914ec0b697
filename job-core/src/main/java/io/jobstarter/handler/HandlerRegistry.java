package io.jobstarter.handler;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.jobstarter.JobRate;
import io.jobstarter.handler.JobRules.ConcurrencyRule;
import io.jobstarter.handler.JobRules.RateRule;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of an application, by job name and by payload type.
 */
public final class HandlerRegistry {

	private final List<JobDefinition> definitions;

	private final Map<String, JobDefinition> byName = new LinkedHashMap<>();

	private final Map<Class<?>, JobDefinition> byPayloadType = new LinkedHashMap<>();

	private final Map<String, Integer> limits = new LinkedHashMap<>();

	private final Map<String, JobRate> rates = new LinkedHashMap<>();

	/**
	 * Makes a registry.
	 * @param definitions the handlers
	 * @throws InvalidHandlerException if two have a name or a payload type in common, or
	 * say different things of one limit
	 */
	public HandlerRegistry(Collection<JobDefinition> definitions) {
		this.definitions = List.copyOf(definitions);
		for (JobDefinition definition : this.definitions) {
			addName(definition.name(), definition);
			definition.aliases().forEach((alias) -> addName(alias, definition));
			addPayloadType(definition);
			definition.rules().concurrency().forEach((rule) -> addLimit(rule, definition));
			definition.rules().rates().forEach((rule) -> addRate(rule, definition));
		}
	}

	private void addRate(RateRule rule, JobDefinition definition) {
		String name = rule.key().group();
		JobRate other = this.rates.put(name, rule.rate());
		if (other != null && !other.equals(rule.rate())) {
			throw new InvalidHandlerException(
					"The rate '" + name + "' allows " + other + ", but " + definition.source() + " says " + rule.rate(),
					"Say the same everywhere, or give one of them another @LimitRate(group = …)");
		}
	}

	private void addLimit(ConcurrencyRule rule, JobDefinition definition) {
		String name = rule.key().group();
		Integer other = this.limits.put(name, rule.to());
		if (other != null && other != rule.to()) {
			throw new InvalidHandlerException(
					"The limit '" + name + "' allows " + other + " jobs at the same time, but " + definition.source()
							+ " says " + rule.to(),
					"Say the same everywhere, or give one of them another @LimitConcurrency(group = …)");
		}
	}

	private void addName(String name, JobDefinition definition) {
		JobDefinition other = this.byName.put(name, definition);
		if (other != null) {
			throw new InvalidHandlerException("The job name '" + name + "' belongs to two handlers, " + other.source()
					+ " and " + definition.source(), "Give one of them another @BackgroundJob(name = …)");
		}
	}

	private void addPayloadType(JobDefinition definition) {
		Class<?> type = definition.payloadType();
		JobDefinition other = (type != null) ? this.byPayloadType.put(type, definition) : null;
		if (type != null && other != null) {
			throw new InvalidHandlerException(
					"The payload type " + type.getName() + " has two handlers, " + other.source() + " and "
							+ definition.source(),
					"A payload type has exactly one handler: remove one, or give it a payload type of its own");
		}
	}

	/**
	 * Finds the handler of a job name or a former one.
	 * @param name the name
	 * @return the handler, or empty
	 */
	public Optional<JobDefinition> byName(String name) {
		return Optional.ofNullable(this.byName.get(name));
	}

	/**
	 * Finds the handler of a payload type.
	 * @param type the payload's class, exactly
	 * @return the handler, or {@code null}
	 */
	public @Nullable JobDefinition byPayloadType(Class<?> type) {
		return this.byPayloadType.get(type);
	}

	/**
	 * Lists the names that this application can run, former ones included.
	 * @return the names
	 */
	public Set<String> names() {
		return Set.copyOf(this.byName.keySet());
	}

	/**
	 * Lists the names of some handlers, former ones included.
	 * @param which says of which
	 * @return the names
	 */
	public Set<String> names(Predicate<JobDefinition> which) {
		return this.byName.entrySet()
			.stream()
			.filter((entry) -> which.test(entry.getValue()))
			.map(Map.Entry::getKey)
			.collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * Lists how many jobs of a key may run at the same time.
	 * @return the limits, by name
	 */
	public Map<String, Integer> limits() {
		return Map.copyOf(this.limits);
	}

	/**
	 * Tells whether jobs of some handler need the permits of keys.
	 * @return whether there are such
	 */
	public boolean haveKeys() {
		return this.definitions.stream()
			.map(JobDefinition::rules)
			.anyMatch((rules) -> !rules.concurrency().isEmpty() || rules.order() != null);
	}

	/**
	 * Lists how many jobs of a key may start within a time.
	 * @return the rates, by the name of the limit
	 */
	public Map<String, JobRate> rates() {
		return Map.copyOf(this.rates);
	}

	/**
	 * Lists the handlers.
	 * @return the handlers
	 */
	public List<JobDefinition> definitions() {
		return this.definitions;
	}

}
