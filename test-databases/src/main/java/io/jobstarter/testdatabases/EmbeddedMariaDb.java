package io.jobstarter.testdatabases;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Driver;

/**
 * A MariaDB server. It is not brought along: its programs have to be
 * {@link #isInstalled() installed}. It runs for a normal user and for root, and is left
 * as it comes but for what makes it start fast: databases have the character set
 * {@code latin1}, and transactions are REPEATABLE READ.
 */
public final class EmbeddedMariaDb extends EmbeddedServer {

	/** Its name in {@link InstalledServers#REQUIRED_VARIABLE}. */
	public static final String NAME = "mariadb";

	private static @Nullable EmbeddedMariaDb shared;

	EmbeddedMariaDb(ServerProgram program, ServerDirectory directory, Reaper reaper) {
		super(program, directory, reaper, 0);
	}

	/**
	 * Whether the server is installed on this machine, so that its tests can run.
	 * @return whether it is
	 * @throws IllegalStateException if it is not, and
	 * {@value InstalledServers#REQUIRED_VARIABLE} names it
	 */
	public static boolean isInstalled() {
		return !Platform.isWindows() && InstalledServers.have(NAME, MariaDbProgram.INSTALL, MariaDbProgram.SERVER);
	}

	/**
	 * Starts a server.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if it is not installed or does not start; the message
	 * then ends with the server's log
	 */
	public static EmbeddedMariaDb start() {
		return start(ServerHost.current());
	}

	static EmbeddedMariaDb start(ServerHost host) {
		MariaDbProgram program = program(host);
		ServerDirectory directory = ServerDirectory.create(host);
		Reaper reaper = Reaper.of(directory, "KILL");
		try {
			program.initialize(directory);
			return new EmbeddedMariaDb(program, directory, reaper);
		}
		catch (RuntimeException ex) {
			reaper.close();
			throw ex;
		}
	}

	static MariaDbProgram program(ServerHost host) {
		if (!isInstalled()) {
			throw new IllegalStateException("MariaDB is not installed");
		}
		return new MariaDbProgram(host, InstalledServers.find(MariaDbProgram.INSTALL).orElseThrow(),
				InstalledServers.find(MariaDbProgram.SERVER).orElseThrow());
	}

	/**
	 * The one server of this JVM for every test that does not break its server, started
	 * by the first call. Tests keep apart by databases of their own, see
	 * {@link #createDatabase()}. It ends with the JVM: do not stop or close it.
	 * @return the shared server
	 */
	public static synchronized EmbeddedMariaDb shared() {
		EmbeddedMariaDb server = shared;
		if (server == null) {
			server = start();
			shared = server;
		}
		return server;
	}

	@Override
	public String jdbcUrl() {
		return jdbcUrl("mysql");
	}

	@Override
	public String jdbcUrl(String database) {
		return "jdbc:mariadb://127.0.0.1:" + port() + "/" + database;
	}

	@Override
	public String username() {
		return "root";
	}

	@Override
	public String password() {
		return "";
	}

	@Override
	public String createDatabase() {
		String name = "test_" + UUID.randomUUID().toString().replace("-", "");
		try (Connection connection = connect(new Driver(), jdbcUrl());
				Statement statement = connection.createStatement()) {
			statement.execute("create database " + name);
			return jdbcUrl(name);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Could not create database " + name, ex);
		}
	}

}
