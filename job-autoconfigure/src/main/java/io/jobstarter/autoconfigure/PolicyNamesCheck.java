package io.jobstarter.autoconfigure;

import java.util.Comparator;
import java.util.List;

import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.InvalidHandlerException;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.NearestName;
import org.jspecify.annotations.Nullable;

/**
 * Refuses jobs that name policies that there are not: a registry asked for a name that it
 * does not know makes up an instance with defaults, and nobody would notice.
 */
final class PolicyNamesCheck {

	private static final int MAX_NAMES = 500;

	private PolicyNamesCheck() {
	}

	/**
	 * Checks all jobs.
	 * @param handlers the handlers
	 * @param present the kinds of policies that this application has
	 * @throws InvalidHandlerException if a name is not known
	 */
	static void check(HandlerRegistry handlers, List<KnownPolicies> present) {
		for (PolicyKind kind : PolicyKind.values()) {
			KnownPolicies known = present.stream()
				.filter((policies) -> policies.kind() == kind && policies.isAnywhere())
				.findFirst()
				.orElse(null);
			handlers.definitions()
				.stream()
				.sorted(Comparator.comparing(JobDefinition::name))
				.forEach((definition) -> check(definition, kind, known));
		}
	}

	private static void check(JobDefinition definition, PolicyKind kind, @Nullable KnownPolicies known) {
		String name = kind.nameIn(definition.policies());
		if (name == null) {
			return;
		}
		String named = "The job " + definition.name() + " (" + definition.source() + ") names the " + kind.noun() + " '"
				+ CleanText.printable(name, 100) + "', but ";
		if (known == null) {
			throw new InvalidHandlerException(named + "the application has no Resilience4j to take it from",
					"Add io.github.resilience4j:resilience4j-spring-boot3, or a bean of the type " + kind.registry()
							+ ", or name none");
		}
		if (!known.names().contains(name)) {
			throw new InvalidHandlerException(named + "there is none of that name", remedy(name, kind, known));
		}
	}

	private static String remedy(String name, PolicyKind kind, KnownPolicies known) {
		String instance = kind.prefix() + ".instances." + CleanText.printable(name, 100);
		if (known.isTemplate(name)) {
			return kind.prefix() + ".configs." + name + " is what instances are made from: add " + instance
					+ ".base-config=" + name;
		}
		String meant = NearestName.of(name, known.names()).map((near) -> "Did you mean '" + near + "'? ").orElse("");
		String all = known.names().isEmpty() ? "There are none yet"
				: CleanText.printable("Known ones are " + String.join(", ", known.names()), MAX_NAMES);
		return meant + "Configure it under " + instance + ", or add it to the " + kind.registry() + ". " + all;
	}

}
