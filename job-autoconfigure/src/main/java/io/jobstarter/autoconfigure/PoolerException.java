package io.jobstarter.autoconfigure;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pooler such as PgBouncer stands between the application and PostgreSQL, and one of
 * the two has a setting with which they cannot work together.
 */
public class PoolerException extends StartFailure {

	private static final Pattern REFUSED = Pattern.compile("unsupported startup parameter(?: in options)?: (\\S+)");

	private static final Pattern NAME_OF_THE_DRIVER = Pattern.compile("\"S_\\d+\"");

	private static final Map<String, String> SENT_BY = Map.of( //
			"options", "the parameter 'options' of the JDBC URL", //
			"search_path", "the parameter 'currentSchema' of the JDBC URL", //
			"extra_float_digits", "the PostgreSQL driver");

	private static final String OTHERWISE = "use pool_mode=session for this database.";

	private final String remedy;

	private PoolerException(String message, String remedy) {
		super(message);
		this.remedy = remedy;
	}

	/**
	 * Looks for a pooler's part in a failure.
	 * @param failure what was thrown
	 * @return what the pooler has to do with it, or empty if that is nothing that is
	 * known
	 */
	static Optional<PoolerException> explaining(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && sql.getMessage() != null) {
				Optional<PoolerException> explanation = explaining(sql, sql.getMessage());
				if (explanation.isPresent()) {
					return explanation;
				}
			}
		}
		return Optional.empty();
	}

	private static Optional<PoolerException> explaining(SQLException failure, String message) {
		Matcher refused = REFUSED.matcher(message);
		if (refused.find()) {
			return Optional.of(startupParameter(refused.group(1)));
		}
		if (message.contains("statement pooling mode")) {
			return Optional.of(statementMode());
		}
		return isAboutNames(failure) && NAME_OF_THE_DRIVER.matcher(message).find()
				? Optional.of(namedStatements("prepareThreshold is not 0")) : Optional.empty();
	}

	// no such prepared statement; there is one already
	private static boolean isAboutNames(SQLException failure) {
		return "26000".equals(failure.getSQLState()) || "42P05".equals(failure.getSQLState());
	}

	static PoolerException namedStatements(int prepareThreshold) {
		return namedStatements("prepareThreshold is " + prepareThreshold);
	}

	private static PoolerException namedStatements(String threshold) {
		return new PoolerException(
				threshold + ", but a pooler such as PgBouncer in transaction mode stands before the database and gives "
						+ "one session to several clients by turns: statements that the driver prepares under a name "
						+ "would fail at random, as already there or not there",
				"Add prepareThreshold=0 to the JDBC URL (spring.datasource.url), after a '?' or '&'. Or let the pooler "
						+ "manage prepared statements, as PgBouncer does from version 1.21 with "
						+ "max_prepared_statements above 0, or " + OTHERWISE);
	}

	static PoolerException schema(String schema) {
		return new PoolerException(
				"spring.datasource.hikari.schema is '" + schema + "', but it is set once for each connection, and a "
						+ "pooler such as PgBouncer in transaction mode gives the connection another session for each "
						+ "transaction: tables would be looked for in one schema or another",
				"Remove the key and set the schema for the database user instead (ALTER ROLE ... SET search_path), or "
						+ OTHERWISE);
	}

	private static PoolerException statementMode() {
		return new PoolerException(
				"pool_mode is 'statement' in the pooler that stands before the database, but there are no transactions "
						+ "of more than one statement in that mode",
				"Set pool_mode to 'transaction' or 'session' for this database, in pgbouncer.ini for PgBouncer.");
	}

	private static PoolerException startupParameter(String name) {
		return new PoolerException(
				"The pooler that stands before the database refuses the startup parameter '" + name + "', which "
						+ SENT_BY.getOrDefault(name, "the JDBC URL or the driver") + " sends",
				name.equals("extra_float_digits")
						? "Add it to ignore_startup_parameters in pgbouncer.ini: nothing here depends on it."
						: "Remove it from the connection and make the setting for the database user instead "
								+ "(ALTER ROLE ... SET ...). If nothing depends on it, ignore_startup_parameters in "
								+ "pgbouncer.ini may name it.");
	}

	@Override
	public String remedy() {
		return this.remedy;
	}

}
