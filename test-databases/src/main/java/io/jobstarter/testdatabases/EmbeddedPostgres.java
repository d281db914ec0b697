package io.jobstarter.testdatabases;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
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
public final class EmbeddedPostgres implements AutoCloseable {

	private static final String SUPERUSER = "postgres";

	private static final int PORTS_TO_TRY = 10;

	private static @Nullable EmbeddedPostgres shared;

	private final PostgresBinaries binaries;

	private final ServerDirectory directory;

	private final Reaper reaper;

	private final int port;

	private @Nullable Postmaster postmaster;

	private EmbeddedPostgres(PostgresBinaries binaries, ServerDirectory directory, Reaper reaper, int fixedPort) {
		this.binaries = binaries;
		this.directory = directory;
		this.reaper = reaper;
		Postmaster started = (fixedPort != 0) ? launch(fixedPort) : launchOnFreePort();
		this.postmaster = started;
		this.port = started.port();
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
			return new EmbeddedPostgres(binaries, directory, reaper, options.port());
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
	public String jdbcUrl() {
		return jdbcUrl("postgres");
	}

	/**
	 * The URL of a database of this server. It stays the same over restarts.
	 * @param database the name of the database, which may not exist yet
	 * @return the URL
	 */
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/" + database;
	}

	/**
	 * The name of the server's superuser.
	 * @return the user name
	 */
	public String username() {
		return SUPERUSER;
	}

	/**
	 * A password for those who must give one. The server trusts every local connection.
	 * @return the password
	 */
	public String password() {
		return SUPERUSER;
	}

	/**
	 * The port of the server. It stays the same over restarts.
	 * @return the port on 127.0.0.1
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Creates an empty database under a name that no other has.
	 * @return the URL of the new database
	 */
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
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(name, true));
			return jdbcUrl(name);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Could not create database " + name, ex);
		}
	}

	// Not through DriverManager, which knows the drivers of the class loader that was the
	// first to ask.
	private Connection connect() throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", username());
		properties.setProperty("password", password());
		return new Driver().connect(jdbcUrl(), properties);
	}

	/**
	 * Stops the server as an operator would: open transactions are rolled back, every
	 * connection is closed. Does nothing if the server does not run.
	 */
	public synchronized void stop() {
		Postmaster running = this.postmaster;
		if (running != null) {
			running.stop();
			forgetPostmaster();
		}
	}

	/**
	 * Kills every process of the server without a warning; nobody is told, nothing is
	 * flushed. Does nothing if the server does not run.
	 */
	public synchronized void crash() {
		Postmaster running = this.postmaster;
		if (running != null) {
			running.crash();
			forgetPostmaster();
		}
	}

	/**
	 * Freezes every process of the server. Clients see a server that accepts connections
	 * and never answers, until {@link #resume()}.
	 * @throws IllegalStateException if the server does not run
	 * @throws UnsupportedOperationException on Windows
	 */
	public synchronized void hang() {
		this.reaper.watch(running().suspend());
	}

	/**
	 * Lets a server go on that {@link #hang() hangs}; what clients sent meanwhile is
	 * answered now.
	 * @throws IllegalStateException if the server does not run
	 */
	public synchronized void resume() {
		Postmaster running = running();
		running.resume();
		this.reaper.watch(List.of(running.pid()));
	}

	/**
	 * Starts the server again on the same data and port, after stopping it if it still
	 * runs.
	 * @throws IllegalStateException if it does not start; the message ends with the
	 * server's log
	 */
	public synchronized void restart() {
		stop();
		this.postmaster = launch(this.port);
	}

	/**
	 * Ends the server, whatever state it is in, and deletes its data.
	 */
	@Override
	public synchronized void close() {
		this.reaper.close();
		this.postmaster = null;
	}

	ServerDirectory directory() {
		return this.directory;
	}

	private Postmaster running() {
		Postmaster running = this.postmaster;
		if (running == null || !running.isRunning()) {
			throw new IllegalStateException("The server does not run");
		}
		return running;
	}

	private void forgetPostmaster() {
		this.postmaster = null;
		this.reaper.watch(List.of());
	}

	private Postmaster launchOnFreePort() {
		for (int attempt = 1;; attempt++) {
			int candidate = Ports.pickFree();
			try {
				return launch(candidate);
			}
			catch (IllegalStateException ex) {
				// Another process may have taken the port since it was picked.
				if (attempt == PORTS_TO_TRY || Ports.isFree(candidate)) {
					throw ex;
				}
			}
		}
	}

	private Postmaster launch(int onPort) {
		Postmaster launched = Postmaster.launch(this.binaries, this.directory, onPort);
		this.reaper.watch(List.of(launched.pid()));
		try {
			launched.awaitReady();
			return launched;
		}
		catch (IllegalStateException ex) {
			this.reaper.watch(List.of());
			throw ex;
		}
	}

}
