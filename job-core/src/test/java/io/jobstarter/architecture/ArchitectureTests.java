package io.jobstarter.architecture;

import java.util.function.Function;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.jobstarter.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * One direction: what each package may know. Each rule is also shown to fail, on a small
 * copy of the layout that breaks it.
 */
class ArchitectureTests {

	private static final String ROOT = "io.jobstarter";

	private static final String BAD_ROOT = "io.jobstarter.fixture.bad";

	// Where the API lies: not what other modules have below the same root.
	private static final JavaClasses MAIN = new ClassFileImporter()
		.importUrl(JobClient.class.getProtectionDomain().getCodeSource().getLocation());

	private static final JavaClasses BAD = new ClassFileImporter().importPackages(BAD_ROOT);

	@Test
	void looksAtTheCodeOfEveryPackage() {
		assertThat(MAIN.stream().map((type) -> type.getPackageName()).distinct()).contains("io.jobstarter",
				"io.jobstarter.store", "io.jobstarter.store.jdbc", "io.jobstarter.handler", "io.jobstarter.policy",
				"io.jobstarter.execution", "io.jobstarter.client", "io.jobstarter.worker", "io.jobstarter.operations",
				"io.jobstarter.maintenance", "io.jobstarter.observation", "io.jobstarter.support");
	}

	@Test
	void eachPackageImportsOnlyWhatItsRowNames() {
		PackageTable.below(ROOT).check(MAIN);
	}

	@Test
	void noPackagesFormACycle() {
		Rules.noCycles(ROOT).check(MAIN);
	}

	@Test
	void theApiShowsNoLibraryButSpringsAnnotations() {
		Rules.apiShowsNoLibrary(ROOT).check(MAIN);
	}

	@Test
	void onlyPayloadsAndTheDatabaseKnowJackson() {
		Rules.fewKnowJackson(ROOT).check(MAIN);
	}

	@Test
	void nothingKnowsSpringBoot() {
		Rules.noSpringBoot(ROOT).check(MAIN);
	}

	@Test
	void nothingSleepsOrAsksTheMachineForTheTime() {
		Rules.timeIsAnArgument(ROOT).check(MAIN);
	}

	@Test
	void everyPackageIsNullMarked() {
		Rules.everyPackageIsNullMarked(ROOT).check(MAIN);
	}

	@Test
	void whatIsLoggedOfAnErrorIsLines() {
		Rules.errorsAreLoggedAsLines(ROOT).check(MAIN);
	}

	@ParameterizedTest
	@MethodSource("rulesAndWhatTheySayOfBadCode")
	void eachRuleBites(Function<String, ArchRule> rule, String[] complaints) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> rule.apply(BAD_ROOT).check(BAD))
			.withMessageContainingAll(complaints);
	}

	static Stream<Arguments> rulesAndWhatTheySayOfBadCode() {
		return Stream.of(bites(PackageTable::below, "bad.policy.LooksIntoTheStore", "bad.stray.HasNoRow has no row"),
				bites(Rules::noCycles, "Cycle detected", "bad.policy", "bad.store"),
				bites(Rules::apiShowsNoLibrary, "bad.ShowsJackson"), bites(Rules::fewKnowJackson, "bad.ShowsJackson"),
				bites(Rules::noSpringBoot, "bad.client.KnowsSpringBoot"),
				bites(Rules::timeIsAnArgument, "Thread.sleep", "Instant.now", "System.currentTimeMillis"),
				bites(Rules::errorsAreLoggedAsLines, "LogsWhatWasThrown.log"),
				bites(Rules::everyPackageIsNullMarked, "bad.worker has no package-info"));
	}

	private static Arguments bites(Function<String, ArchRule> rule, String... complaints) {
		return arguments(rule, complaints);
	}

}
