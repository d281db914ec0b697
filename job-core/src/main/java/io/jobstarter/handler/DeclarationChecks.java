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
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Finds declarations that compile and start, and do not do what they seem to.
 */
final class DeclarationChecks {

	private static final Log logger = LogFactory.getLog(DeclarationChecks.class);

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
	 * Refuses the configuration of a job that is not there, if its name is like that of
	 * one that is. Otherwise only warns: another node, or the whole application where
	 * this is a part of it under test, may have that job.
	 * @param name the unknown name
	 * @param known the names that there are
	 * @throws InvalidHandlerException if it seems to be misspelled
	 */
	static void requireNotMisspelled(String name, Collection<String> known) {
		requireNotMisspelled("background-jobs.jobs.", name, " configures a job that nothing handles", "jobs", known);
	}

	/**
	 * Refuses the configuration of a limit that no handler has, as that of a job.
	 * @param name the unknown name
	 * @param known the names that there are
	 * @throws InvalidHandlerException if it seems to be misspelled
	 */
	static void requireKnownLimit(String name, Collection<String> known) {
		requireNotMisspelled("background-jobs.limits.", name, " configures a limit that no @LimitConcurrency has",
				"limits", known);
	}

	private static void requireNotMisspelled(String prefix, String name, String wrong, String what,
			Collection<String> known) {
		String problem = prefix + name + wrong;
		String all = CleanText.printable("Known " + what + " are " + known.stream().sorted().toList(), MAX_NAMES);
		NearestName.of(name, known).ifPresent((near) -> {
			throw new InvalidHandlerException(problem, "Did you mean " + prefix + near + "? " + all);
		});
		logger.warn(problem + " on this node. " + all);
	}

	/**
	 * Refuses the configuration of a job under a name that it had once.
	 * @param name the name in the configuration
	 * @param current the job's name
	 * @throws InvalidHandlerException if these differ
	 */
	static void requireCurrentName(String name, String current) {
		if (!current.equals(name)) {
			throw new InvalidHandlerException("background-jobs.jobs." + name + " configures a job by a former name",
					"Its name is " + current + " now: use that");
		}
	}

}
