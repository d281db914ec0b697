package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

import javax.sql.DataSource;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The databases that jobs can be kept in.
 */
enum DatabaseProduct {

	POSTGRESQL, H2, MARIADB;

	/** The first with SKIP LOCKED and JSON_TABLE. */
	private static final int MARIADB_MAJOR = 10;

	private static final int MARIADB_MINOR = 6;

	/**
	 * Asks a database what it is.
	 * @param dataSource the database
	 * @return the product
	 * @throws UnsupportedDatabaseException if it is none of these, too old, or reached
	 * through the driver of another
	 */
	static DatabaseProduct of(DataSource dataSource) {
		return Objects.requireNonNull(
				new JdbcTemplate(dataSource).execute((ConnectionCallback<DatabaseProduct>) DatabaseProduct::of));
	}

	/**
	 * Guesses what database a URL leads to, without asking it.
	 * @param url a URL of JDBC
	 * @return the product, or empty if the URL does not tell
	 */
	static Optional<DatabaseProduct> ofUrl(String url) {
		return Arrays.stream(values())
			.filter((product) -> url.startsWith("jdbc:" + product.name().toLowerCase(Locale.ROOT) + ":"))
			.findFirst();
	}

	private static DatabaseProduct of(Connection connection) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		String name = String.valueOf(metaData.getDatabaseProductName());
		return switch (name) {
			case "PostgreSQL" -> POSTGRESQL;
			case "H2" -> H2;
			case "MariaDB" -> mariaDb(metaData);
			case "MySQL" -> throw mySql(metaData);
			default -> throw new UnsupportedDatabaseException(name, "it is unknown");
		};
	}

	private static DatabaseProduct mariaDb(DatabaseMetaData metaData) throws SQLException {
		int major = metaData.getDatabaseMajorVersion();
		int minor = metaData.getDatabaseMinorVersion();
		if (major < MARIADB_MAJOR || (major == MARIADB_MAJOR && minor < MARIADB_MINOR)) {
			throw new UnsupportedDatabaseException("MariaDB " + metaData.getDatabaseProductVersion(),
					"it is too old: it lacks SKIP LOCKED");
		}
		return MARIADB;
	}

	// MySQL's driver calls MariaDB "MySQL" too, and does not read what an insert returns.
	private static UnsupportedDatabaseException mySql(DatabaseMetaData metaData) throws SQLException {
		String version = String.valueOf(metaData.getDatabaseProductVersion());
		if (version.toLowerCase(Locale.ROOT).contains("mariadb")) {
			return new UnsupportedDatabaseException("MariaDB " + version,
					"it is reached through the driver of MySQL. Use MariaDB's own, "
							+ "org.mariadb.jdbc:mariadb-java-client, with a URL that begins with jdbc:mariadb:");
		}
		return new UnsupportedDatabaseException("MySQL " + version, "MySQL is unverified and not supported for now");
	}

}
