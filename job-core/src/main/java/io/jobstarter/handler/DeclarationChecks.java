package io.jobstarter.handler;

import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import io.jobstarter.InvalidJobException;
import io.jobstarter.RetryOn;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.NearestName;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Finds declarations that compile and start, and do not do what they seem to.
 */
final class DeclarationChecks {

	private static final int MAX_NAMES = 500;

	private DeclarationChecks() {
	}

	/**
	 * Refuses two rules of which only one would ever decide. One that is inherited, or
	 * comes with an annotation of the team's own, may be said again.
	 * @param element the class or method that they stand on
	 * @throws InvalidJobException if there are two
	 */
	static void requireOneRuleForEach(AnnotatedElement element) {
		Set<Class<?>> seen = new HashSet<>();
		for (RetryOn rule : element.getDeclaredAnnotationsByType(RetryOn.class)) {
			Set<Class<?>> errors = new HashSet<>(Arrays.asList(rule.value()));
			for (Class<?> error : errors) {
				if (!seen.add(error)) {
					throw new InvalidJobException("Two @RetryOn are for " + error.getName());
				}
			}
		}
	}

	/**
	 * Says what the configuration of an unknown job may mean.
	 * @param name the unknown name
	 * @param known the names that there are
	 * @return a remedy
	 */
	static String meant(String name, Collection<String> known) {
		String all = CleanText.printable("Known jobs are " + known.stream().sorted().toList(), MAX_NAMES);
		return NearestName.of(name, known)
			.map((near) -> "Did you mean background-jobs.jobs." + near + "? " + all)
			.orElse(all);
	}

}
