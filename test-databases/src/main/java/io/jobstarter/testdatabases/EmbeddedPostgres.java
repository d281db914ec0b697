package io.jobstarter.testdatabases;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
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

	private final ServerHost host;

	private EmbeddedPostgres(ServerHost host, Map<String, String> environment, ServerDirectory directory, Reaper reaper,
			int fixedPort) {
		super(new PostgresProgram(PostgresBinaries.on(host), environment), directory, reaper, fixedPort);
		this.host = host;
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
			return new EmbeddedPostgres(host, options.environment(), directory, reaper, options.port());
		}
		catch (RuntimeException ex) {
			reaper.close();
			throw ex;
		}
	}

	/**
	 * Stops this server for a moment and starts a standby beside it, which from then on
	 * confirms every commit: one that was acknowledged survives this server.
	 * @return the standby, which reads until it is promoted
	 */
	public EmbeddedPostgres startSynchronousStandby() {
		stop();
		ServerDirectory directory = ServerDirectory.create(this.host);
		Reaper reaper = Reaper.of(directory, "QUIT");
		try {
			directory.copy(this.host, directory());
			directory.makeStandby(this.host,
					"host=127.0.0.1 port=" + port() + " user=" + SUPERUSER + " application_name=standby");
			restart();
			EmbeddedPostgres standby = new EmbeddedPostgres(this.host, Map.of(), directory, reaper, 0);
			execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
			execute("SELECT pg_reload_conf()");
			return standby;
		}
		catch (RuntimeException ex) {
			reaper.close();
			throw ex;
		}
	}

	/**
	 * Makes a primary of a standby, and returns when it takes writes.
	 */
	public void promote() {
		execute("SELECT pg_promote(true, 60)");
	}

	/**
	 * Lets this server come back as an old primary does after a failover: it only reads,
	 * and follows nobody.
	 */
	public void restartReadOnly() {
		stop();
		directory().makeStandby(this.host, "");
		restart();
	}

	/**
	 * Begins a "smart" shutdown: who is connected may go on, nobody else is let in. It
	 * ends when the last connection does, or with {@link #stop()}.
	 */
	public void beginToShutDown() {
		send("TERM");
	}

	/**
	 * Begins an "immediate" shutdown: every process ends without a word, and the next
	 * start recovers what was committed. {@link #stop()} waits for it.
	 */
	public void beginToQuit() {
		send("QUIT");
	}

	private void execute(String statement) {
		try (Connection connection = connect(new Driver(), jdbcUrl());
				Statement executed = connection.createStatement()) {
			executed.execute(statement);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Could not " + statement, ex);
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
