package io.jobstarter.architecture;

import java.util.Map;
import java.util.Set;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/**
 * Which package may import which: the table of the design, below any root package. The
 * root itself is the API and is called by the empty name.
 */
final class PackageTable extends ArchCondition<JavaClass> {

	private static final String API = "";

	private static final Map<String, Set<String>> ROWS = Map.ofEntries(Map.entry(API, Set.of()),
			Map.entry("support", Set.of(API)), Map.entry("context", Set.of(API, "support")),
			Map.entry("store", Set.of(API)), Map.entry("store.jdbc", Set.of(API, "store", "support")),
			Map.entry("handler", Set.of(API, "support")), Map.entry("policy", Set.of(API, "support")),
			Map.entry("execution", Set.of(API, "handler", "policy", "support")),
			Map.entry("circuit", Set.of(API, "store", "handler", "execution", "support")),
			Map.entry("client",
					Set.of(API, "store", "handler", "policy", "execution", "context", "observation", "support")),
			Map.entry("worker",
					Set.of(API, "store", "handler", "policy", "execution", "circuit", "context", "support")),
			Map.entry("operations", Set.of(API, "store", "why", "schedule", "support")),
			Map.entry("why", Set.of(API, "store", "support")),
			Map.entry("maintenance", Set.of(API, "store", "support")),
			Map.entry("schedule", Set.of(API, "store", "handler", "maintenance", "support")),
			Map.entry("workflow", Set.of(API, "store", "client", "maintenance", "support")),
			Map.entry("observation", Set.of(API, "execution", "support")));

	private final String root;

	private PackageTable(String root) {
		super("import only what their row of the package table names");
		this.root = root;
	}

	static ArchRule below(String root) {
		return ArchRuleDefinition.classes().that().resideInAPackage(root + "..").should(new PackageTable(root));
	}

	@Override
	public void check(JavaClass type, ConditionEvents events) {
		String from = rowOf(type);
		Set<String> allowed = ROWS.get(from);
		if (allowed == null) {
			events.add(SimpleConditionEvent.violated(type,
					"The package of " + type.getName() + " has no row in the table"));
			return;
		}
		for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
			JavaClass target = dependency.getTargetClass().getBaseComponentType();
			boolean ours = target.getPackageName().equals(this.root)
					|| target.getPackageName().startsWith(this.root + ".");
			if (ours && !rowOf(target).equals(from) && !allowed.contains(rowOf(target))) {
				events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
			}
		}
	}

	private String rowOf(JavaClass type) {
		String name = type.getPackageName();
		return name.equals(this.root) ? API : name.substring(this.root.length() + 1);
	}

}
