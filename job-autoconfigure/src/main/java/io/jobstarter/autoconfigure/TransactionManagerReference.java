package io.jobstarter.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The transaction manager whose transactions an enqueue joins: the application's, or one
 * over its data source where it has none. Not a bean of that type, so that the
 * application's own choice stays unambiguous.
 *
 * @param manager the transaction manager
 */
record TransactionManagerReference(PlatformTransactionManager manager) {

	static TransactionManagerReference of(DataSource dataSource, ObjectProvider<PlatformTransactionManager> managers) {
		PlatformTransactionManager unique = managers.getIfUnique();
		if (unique != null) {
			return new TransactionManagerReference(unique);
		}
		List<PlatformTransactionManager> several = managers.stream().toList();
		if (!several.isEmpty()) {
			throw new AmbiguousTransactionManagerException(several.size());
		}
		return new TransactionManagerReference(new JdbcTransactionManager(dataSource));
	}

	/**
	 * There are several transaction managers, and none is primary.
	 */
	static final class AmbiguousTransactionManagerException extends StartFailure {

		AmbiguousTransactionManagerException(int count) {
			super("There are " + count + " transaction managers and none is @Primary, so that it is not known in whose "
					+ "transactions background jobs are enqueued");
		}

		@Override
		public String remedy() {
			return "Mark the transaction manager of the data source that holds the jobs as @Primary.";
		}

	}

}
