package io.jobstarter.autoconfigure;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcDataSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What is wrong with the database, or with how the application uses it.
 */
final class DatabaseMistakes {

	private DatabaseMistakes() {
	}

	static List<StartMistake> all() {
		return List.of(
				new StartMistake("A database that is not there", List.of("cannot be reached", "localhost:1 refused"),
						"Start the database, or correct how the application connects to it",
						List.of("spring.datasource.url=jdbc:postgresql://localhost:1/shop"), List.of()),
				new StartMistake("A database that is not supported",
						List.of("cannot be kept in 'Oracle'", "Supported are PostgreSQL, H2 and MariaDB 10.6 or newer"),
						"or set background-jobs.enabled to 'false'", List.of(), List.of(OtherDatabase.class)),
				new StartMistake("`background-jobs.schema.initialize: never` without the tables",
						List.of("The database lacks what background jobs need: background_job_job, "),
						"Run the SQL files in classpath:io/jobstarter/store/jdbc/migration/h2",
						List.of("background-jobs.schema.initialize=never"), List.of()),
				new StartMistake("A table of the application's that has the name of one of ours",
						List.of("The tables background_job_* of background jobs could not be created or migrated",
								"already exists"),
						"org.flywaydb:flyway-database-postgresql or, for MariaDB, org.flywaydb:flyway-mysql",
						List.of("spring.datasource.url=jdbc:h2:mem:taken;INIT="
								+ "create table if not exists background_job_job(id int)"),
						List.of()),
				new StartMistake("Two transaction managers, none of them `@Primary`",
						List.of("There are 2 transaction managers for the DataSource of background jobs"),
						"as @Primary", List.of(), List.of(TwoTransactionManagers.class)));
	}

	/**
	 * A database that says that it is another one.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OtherDatabase {

		@Bean
		DataSource dataSource() {
			JdbcDataSource h2 = new JdbcDataSource();
			h2.setUrl("jdbc:h2:mem:other");
			return new DelegatingDataSource(h2) {

				@Override
				public Connection getConnection() throws SQLException {
					return renamed(super.getConnection());
				}

			};
		}

		private static Connection renamed(Connection connection) {
			return proxy(Connection.class, connection, "getMetaData", () -> proxy(DatabaseMetaData.class,
					connection.getMetaData(), "getDatabaseProductName", () -> "Oracle"));
		}

		private static <T> T proxy(Class<T> type, T target, String replaced, Answer answer) {
			return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method,
					arguments) -> method.getName().equals(replaced) ? answer.get() : method.invoke(target, arguments)));
		}

		/**
		 * What a replaced method returns.
		 */
		private interface Answer {

			Object get() throws SQLException;

		}

	}

	/**
	 * An application that does not say which of its transaction managers is meant.
	 */
	@Configuration(proxyBeanMethods = false)
	static class TwoTransactionManagers {

		@Bean
		PlatformTransactionManager one(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		PlatformTransactionManager two(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

}
