package io.jobstarter.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The transaction manager of the data source that holds the jobs: the one marked so, the
 * application's own for that data source, or a new one where it has none. Not a bean of
 * that type, so that the application's own choice stays unambiguous.
 *
 * @param manager the transaction manager
 */
record TransactionManagerReference(PlatformTransactionManager manager) {

	static TransactionManagerReference of(DataSource dataSource, ObjectProvider<PlatformTransactionManager> marked,
			ObjectProvider<PlatformTransactionManager> candidates, ListableBeanFactory beans) {
		PlatformTransactionManager chosen = marked.getIfAvailable();
		if (chosen != null) {
			return new TransactionManagerReference(requireOf(dataSource, chosen));
		}
		Map<String, PlatformTransactionManager> choice = choice(dataSource,
				BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, PlatformTransactionManager.class));
		PlatformTransactionManager primary = candidates.getIfUnique();
		if (primary != null && choice.containsValue(primary)) {
			return new TransactionManagerReference(primary);
		}
		PlatformTransactionManager only = onlyOne(choice);
		return new TransactionManagerReference((only != null) ? only : new JdbcTransactionManager(dataSource));
	}

	// One that may be anything, as JTA's, gives way to one that is known to fit, also if
	// it is the primary one.
	private static Map<String, PlatformTransactionManager> choice(DataSource dataSource,
			Map<String, PlatformTransactionManager> managers) {
		Map<String, PlatformTransactionManager> fitting = thoseOf(ManagedResource.THIS, dataSource, managers);
		return fitting.isEmpty() ? thoseOf(ManagedResource.UNKNOWN, dataSource, managers) : fitting;
	}

	private static Map<String, PlatformTransactionManager> thoseOf(ManagedResource resource, DataSource dataSource,
			Map<String, PlatformTransactionManager> managers) {
		Map<String, PlatformTransactionManager> those = new LinkedHashMap<>(managers);
		those.values().removeIf((manager) -> ManagedResource.of(manager, dataSource) != resource);
		return those;
	}

	private static @Nullable PlatformTransactionManager onlyOne(Map<String, PlatformTransactionManager> choice) {
		if (choice.size() > 1) {
			throw new AmbiguousTransactionManagerException(choice);
		}
		return choice.values().stream().findFirst().orElse(null);
	}

	private static PlatformTransactionManager requireOf(DataSource dataSource, PlatformTransactionManager manager) {
		if (ManagedResource.of(manager, dataSource) == ManagedResource.ANOTHER) {
			throw new ForeignTransactionManagerException(manager);
		}
		return manager;
	}

	/**
	 * There are several transaction managers, and none is marked or primary.
	 */
	static final class AmbiguousTransactionManagerException extends StartFailure {

		AmbiguousTransactionManagerException(Map<String, PlatformTransactionManager> managers) {
			super("There are " + managers.size() + " transaction managers for the DataSource of background jobs ("
					+ managers.keySet().stream().map((name) -> "'" + name + "'").collect(Collectors.joining(", "))
					+ ") and none is @Primary, so that it is not known in whose transactions jobs are enqueued");
		}

		@Override
		public String remedy() {
			return "Annotate the bean method of one of them with @BackgroundJobTransactionManager, or mark one as "
					+ "@Primary.";
		}

	}

	/**
	 * The transaction manager that is marked is one of another data source.
	 */
	static final class ForeignTransactionManagerException extends StartFailure {

		ForeignTransactionManagerException(PlatformTransactionManager manager) {
			super("The " + manager.getClass().getSimpleName()
					+ " that is marked by @BackgroundJobTransactionManager does not manage the DataSource of "
					+ "background jobs");
		}

		@Override
		public String remedy() {
			return "Mark the transaction manager that is made of the same DataSource bean, or remove the annotation: "
					+ "it is found by its DataSource.";
		}

	}

}
