package io.jobstarter.autoconfigure;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.store.jdbc.PostgresPooler;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Stops the start where a pooler such as PgBouncer, and how the application connects to
 * it, would make jobs fail later and at random.
 */
final class PoolerCheck {

	private static final Log logger = LogFactory.getLog(PoolerCheck.class);

	private static final boolean HIKARI = ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource",
			PoolerCheck.class.getClassLoader());

	private PoolerCheck() {
	}

	/**
	 * Checks what stands between the application and its database.
	 * @param application the application's connections
	 * @param connections the engine's
	 * @throws PoolerException if a setting makes it impossible to work with
	 */
	static void check(DataSource application, EngineConnections connections) {
		// Of shared connections there may be only one.
		DataSource other = connections.areShared() ? null : connections.dataSource();
		try {
			PostgresPooler.before(application, other).ifPresent((pooler) -> check(pooler, other != null, application));
		}
		catch (SQLException ex) {
			PoolerException explanation = PoolerException.explaining(ex).orElse(null);
			if (explanation != null) {
				explanation.initCause(ex);
				throw explanation;
			}
			// Whoever needs the connection will say what is wrong with it.
			logger.debug("Could not find out whether there is a pooler", LoggedError.of(ex));
		}
	}

	private static void check(PostgresPooler pooler, boolean certain, DataSource application) {
		if (pooler.sharesSessions()) {
			if (pooler.keepsNames()) {
				throw PoolerException.namedStatements(pooler.prepareThreshold());
			}
			if (HIKARI) {
				HikariSessions.check(application);
			}
		}
		else if (pooler.keepsNames() && !certain) {
			logger.warn("A pooler stands before the database, and prepareThreshold is " + pooler.prepareThreshold()
					+ ". If it shares sessions, as PgBouncer does in transaction mode, statements will fail at "
					+ "random: add prepareThreshold=0 to the JDBC URL");
		}
	}

	/**
	 * What HikariCP sets in a session when it opens a connection. Apart, since HikariCP
	 * may be absent.
	 */
	private static final class HikariSessions {

		static void check(DataSource application) {
			HikariDataSource pool = unwrap(application);
			if (pool == null) {
				return;
			}
			if (pool.getSchema() != null) {
				throw PoolerException.schema(pool.getSchema());
			}
			List<String> unreliable = new ArrayList<>();
			if (pool.getConnectionInitSql() != null) {
				unreliable.add("connection-init-sql");
			}
			if (pool.getTransactionIsolation() != null) {
				unreliable.add("transaction-isolation");
			}
			if (!unreliable.isEmpty()) {
				logger.warn("spring.datasource.hikari has " + String.join(" and ", unreliable) + ", which is for the "
						+ "session that a connection begins with. A pooler such as PgBouncer in transaction mode gives "
						+ "it another for each transaction, and that one to others: make such settings for the "
						+ "database user (ALTER ROLE ... SET ...)");
			}
		}

		private static @Nullable HikariDataSource unwrap(DataSource application) {
			try {
				return application.isWrapperFor(HikariDataSource.class) ? application.unwrap(HikariDataSource.class)
						: null;
			}
			catch (SQLException ex) {
				return null;
			}
		}

	}

}
