package io.jobstarter.architecture;

import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * What holds for the code below a root package, whichever it is: so that each rule can be
 * seen to fail on bad code.
 */
final class Rules {

	private Rules() {
	}

	static ArchRule noCycles(String root) {
		return SlicesRuleDefinition.slices().assignedFrom(new OnePackageEach(root)).should().beFreeOfCycles();
	}

	static ArchRule apiShowsNoLibrary(String root) {
		return classes().that()
			.resideInAPackage(root)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(root, "java..", "org.jspecify.annotations..", "org.springframework.core.annotation..",
					"org.springframework.stereotype..");
	}

	static ArchRule noSpringBoot(String root) {
		return noClasses().that()
			.resideInAPackage(root + "..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot..");
	}

	static ArchRule fewKnowJackson(String root) {
		return noClasses().that()
			.resideInAPackage(root + "..")
			.and()
			.resideOutsideOfPackages(root + ".handler", root + ".store.jdbc")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.fasterxml.jackson..");
	}

	static ArchRule timeIsAnArgument(String root) {
		return noClasses().that()
			.resideInAPackage(root + "..")
			.should()
			.accessTargetWhere(new TimeOfItsOwn())
			.because("time is an argument, and nothing sleeps");
	}

	static ArchRule everyPackageIsNullMarked(String root) {
		return classes().that().resideInAPackage(root + "..").should(new ResideInANullMarkedPackage());
	}

	static ArchRule errorsAreLoggedAsLines(String root) {
		return codeUnits().that()
			.areDeclaredInClassesThat()
			.resideInAPackage(root + "..")
			.should(new LogErrorsAsLines())
			.because("messages of errors may hold line breaks and control codes, and errors may throw when logged");
	}

	/**
	 * Each package is a slice of its own, the root too.
	 */
	private static final class OnePackageEach implements SliceAssignment {

		private final String root;

		OnePackageEach(String root) {
			this.root = root;
		}

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			String name = type.getPackageName();
			boolean ours = name.equals(this.root) || name.startsWith(this.root + ".");
			return ours ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
		}

		@Override
		public String getDescription() {
			return "packages";
		}

	}

	/**
	 * Asks the machine for the time, or waits by sleeping.
	 */
	private static final class TimeOfItsOwn extends DescribedPredicate<JavaAccess<?>> {

		TimeOfItsOwn() {
			super("sleeps or asks the machine for the time");
		}

		@Override
		public boolean test(JavaAccess<?> access) {
			AccessTarget target = access.getTarget();
			String owner = target.getOwner().getName();
			return switch (target.getName()) {
				case "sleep" -> Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit").contains(owner);
				case "now" -> owner.startsWith("java.time.");
				case "currentTimeMillis" -> owner.equals("java.lang.System");
				default -> false;
			};
		}

	}

	/**
	 * Hands no error to the log but what {@code LoggedError} makes of it.
	 */
	private static final class LogErrorsAsLines extends ArchCondition<JavaCodeUnit> {

		LogErrorsAsLines() {
			super("log errors as LoggedError makes them");
		}

		@Override
		public void check(JavaCodeUnit unit, ConditionEvents events) {
			boolean logs = unit.getCallsFromSelf()
				.stream()
				.map((call) -> call.getTarget())
				.anyMatch((target) -> target.getOwner().isEquivalentTo(Log.class)
						&& target.getRawParameterTypes().size() == 2);
			boolean cleans = unit.getCallsFromSelf()
				.stream()
				.anyMatch((call) -> call.getTarget().getOwner().isEquivalentTo(LoggedError.class));
			if (logs && !cleans) {
				events.add(SimpleConditionEvent.violated(unit, unit.getFullName() + " logs an error as it was thrown"));
			}
		}

	}

	/**
	 * Says on package level that null must be declared.
	 */
	private static final class ResideInANullMarkedPackage extends ArchCondition<JavaClass> {

		ResideInANullMarkedPackage() {
			super("reside in a package that is @NullMarked");
		}

		@Override
		public void check(JavaClass type, ConditionEvents events) {
			JavaPackage itsPackage = type.getPackage();
			if (!itsPackage.isAnnotatedWith(NullMarked.class)) {
				events.add(SimpleConditionEvent.violated(type,
						"The package " + itsPackage.getName() + " has no package-info that is @NullMarked"));
			}
		}

	}

}
