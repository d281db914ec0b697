package io.jobstarter.testdatabases;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/**
 * A real server on the loopback interface that a test starts, breaks and throws away.
 * <p>
 * The server and its data are gone after {@link #close()}, and at the latest when the JVM
 * has ended, however it ended. What was committed survives {@link #stop()} and
 * {@link #crash()}; it would not survive a crash of the machine.
 * <p>
 * Instances are safe for use by several threads. On Windows there is no {@link #hang()}.
 */
public abstract sealed class EmbeddedServer implements AutoCloseable permits EmbeddedPostgres, EmbeddedMariaDb {

	private static final int PORTS_TO_TRY = 10;

	private final ServerProgram program;

	private final ServerDirectory directory;

	private final Reaper reaper;

	private final int port;

	private @Nullable Postmaster postmaster;

	EmbeddedServer(ServerProgram program, ServerDirectory directory, Reaper reaper, int fixedPort) {
		this.program = program;
		this.directory = directory;
		this.reaper = reaper;
		Postmaster started = (fixedPort != 0) ? launch(fixedPort) : launchOnFreePort();
		this.postmaster = started;
		this.port = started.port();
	}

	/**
	 * The URL of a database of this server. It stays the same over restarts.
	 * @param database the name of the database, which may not exist yet
	 * @return the URL
	 */
	public abstract String jdbcUrl(String database);

	/**
	 * The URL of a database that every server has.
	 * @return the URL
	 */
	public abstract String jdbcUrl();

	/**
	 * The name of the server's superuser.
	 * @return the user name
	 */
	public abstract String username();

	/**
	 * A password for those who must give one.
	 * @return the password
	 */
	public abstract String password();

	/**
	 * Creates an empty database under a name that no other has.
	 * @return the URL of the new database
	 */
	public abstract String createDatabase();

	/**
	 * The port of the server. It stays the same over restarts.
	 * @return the port on 127.0.0.1
	 */
	public int port() {
		return this.port;
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

	final synchronized void send(String signal) {
		running().send(signal);
	}

	// Not by DriverManager, which knows only the drivers that its first caller could see.
	final Connection connect(Driver driver, String url) throws SQLException {
		Properties properties = new Properties();
		properties.put("user", username());
		properties.put("password", password());
		return Objects.requireNonNull(driver.connect(url, properties));
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
		Postmaster launched = Postmaster.launch(this.program, this.directory, onPort);
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
