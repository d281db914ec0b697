package io.jobstarter.autoconfigure;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Creates sequences in a Galera cluster, which refuses those that keep numbers in the
 * memory of one server: these have to ask for each. The scripts stay as they are, since
 * they have run elsewhere.
 */
final class GaleraSequences extends DelegatingDataSource {

	private static final Log logger = LogFactory.getLog(GaleraSequences.class);

	private static final Pattern CREATE = Pattern.compile("(?i)(create sequence if not exists \\S+) (engine = InnoDB)");

	private static final String MEMBERS = "show status like 'wsrep_cluster_size'";

	private static final String REPLICATES = "show variables like 'wsrep_on'";

	private GaleraSequences(DataSource dataSource) {
		super(dataSource);
	}

	/**
	 * Prepares a MariaDB for the migration.
	 * @param dataSource the database
	 * @return a way to it by which sequences can be created
	 */
	static DataSource whereNeeded(DataSource dataSource) {
		try (Connection connection = dataSource.getConnection()) {
			if (!show(connection, REPLICATES).equals("ON")) {
				return dataSource;
			}
			logger.info("The database is a Galera cluster of " + show(connection, MEMBERS)
					+ " servers: let all nodes use one of them at a time, as docs/guarantees.md says");
			return new GaleraSequences(dataSource);
		}
		catch (SQLException ex) {
			// The migration meets it, too, and says more.
			return dataSource;
		}
	}

	private static String show(Connection connection, String what) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(what)) {
			return row.next() ? row.getString(2) : "";
		}
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return proxy(Connection.class, (method, arguments) -> {
			Object result = invoke(connection, method, arguments);
			return (result instanceof Statement statement && method.getName().equals("createStatement"))
					? rewriting(statement) : result;
		});
	}

	private static Statement rewriting(Statement statement) {
		return proxy(Statement.class, (method, arguments) -> {
			if (arguments != null && arguments.length > 0 && arguments[0] instanceof String text) {
				arguments[0] = rewritten(text);
			}
			return invoke(statement, method, arguments);
		});
	}

	static String rewritten(String statement) {
		return CREATE.matcher(statement).replaceFirst("$1 nocache $2");
	}

	private static <T> T proxy(Class<T> type, Call call) {
		return type.cast(Proxy.newProxyInstance(GaleraSequences.class.getClassLoader(), new Class<?>[] { type },
				(self, method, arguments) -> call.invoke(method, arguments)));
	}

	private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/**
	 * A call of a method.
	 */
	@FunctionalInterface
	private interface Call {

		/**
		 * Answers it.
		 * @param method the method
		 * @param arguments its arguments, or {@code null} for none
		 * @return what it returns
		 * @throws Throwable what it throws
		 */
		@Nullable Object invoke(Method method, @Nullable Object @Nullable [] arguments) throws Throwable;

	}

}
