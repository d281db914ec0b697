package io.jobstarter.testdatabases;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * A real PostgreSQL server on the loopback interface that a test starts, breaks and
 * throws away. It needs no Docker and no installed PostgreSQL, and runs for a normal user
 * and for root.
 * <p>
 * The server and its data are gone after {@link #close()}, and at the latest when the JVM
 * has ended, however it ended. What was committed survives {@link #stop()} and
 * {@link #crash()}; it would not survive a crash of the machine, as {@code fsync} is off.
 * <p>
 * Instances are safe for use by several threads. On Windows there is no {@link #hang()},
 * and the JVM must not run as an administrator.
 */
public final class EmbeddedPostgres extends EmbeddedServer {

	private static final String SUPERUSER = "postgres";

	private static @Nullable EmbeddedPostgres shared;

	private EmbeddedPostgres(ServerProgram program, ServerDirectory directory, Reaper reaper, int fixedPort) {
		super(program, directory, reaper, fixedPort);
	}

	/**
	 * Starts a server with the default options.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if it does not start; the message ends with the
	 * server's log
	 */
	public static EmbeddedPostgres start() {
		return start(PostgresOptions.defaults());
	}

	/**
	 * Starts a server.
	 * @param options its settings and port
	 * @return the server, ready for connections
	 * @throws IllegalStateException if it does not start; the message ends with the
	 * server's log
	 */
	public static EmbeddedPostgres start(PostgresOptions options) {
		return start(options, ServerHost.current());
	}

	static EmbeddedPostgres start(PostgresOptions options, ServerHost host) {
		PostgresBinaries binaries = PostgresBinaries.on(host);
		ServerDirectory directory = ServerDirectory.create(host);
		Reaper reaper = Reaper.of(directory, "QUIT");
		try {
			directory.initialize(binaries, SUPERUSER, options.settings());
			return new EmbeddedPostgres(new PostgresProgram(binaries, options.environment()), directory, reaper,
					options.port());
		}
		catch (RuntimeException ex) {
			reaper.close();
			throw ex;
		}
	}

	/**
	 * The one server of this JVM for every test that does not break its server, started
	 * by the first call. Tests keep apart by databases of their own, see
	 * {@link #createDatabase()}. It ends with the JVM: do not stop or close it.
	 * @return the shared server
	 */
	public static synchronized EmbeddedPostgres shared() {
		EmbeddedPostgres server = shared;
		if (server == null) {
			server = start();
			shared = server;
		}
		return server;
	}

	/**
	 * The URL of the database that every server has.
	 * @return the URL of the database {@code postgres}
	 */
	@Override
	public String jdbcUrl() {
		return jdbcUrl("postgres");
	}

	/**
	 * The URL of a database of this server. It stays the same over restarts.
	 * @param database the name of the database, which may not exist yet
	 * @return the URL
	 */
	@Override
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
	}

	/**
	 * The name of the server's superuser.
	 * @return the user name
	 */
	@Override
	public String username() {
		return SUPERUSER;
	}

	/**
	 * A password for those who must give one. The server trusts every local connection.
	 * @return the password
	 */
	@Override
	public String password() {
		return SUPERUSER;
	}

	/**
	 * Creates an empty database under a name that no other has.
	 * @return the URL of the new database
	 */
	@Override
	public String createDatabase() {
		return createDatabase("test_" + UUID.randomUUID().toString().replace("-", ""));
	}

	/**
	 * Creates an empty database.
	 * @param name its name, taken literally
	 * @return the URL of the new database
	 * @throws IllegalStateException if the server refuses
	 */
	public String createDatabase(String name) {
		try (Connection connection = connect(new Driver(), jdbcUrl());
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(name, true));
			return jdbcUrl(name);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Could not create database " + name, ex);
		}
	}

}
