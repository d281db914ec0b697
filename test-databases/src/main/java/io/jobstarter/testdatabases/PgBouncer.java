package io.jobstarter.testdatabases;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The connection pooler PgBouncer in front of an {@link EmbeddedPostgres}, on the
 * loopback interface: by default in transaction mode, with fewer connections to the
 * server than its clients open. Needs PgBouncer to be installed, see
 * {@link #isAvailable()}.
 * <p>
 * It is gone after {@link #close()}, and at the latest when the JVM has ended, however it
 * ended. Closing it does not close the server. Instances are safe for use by several
 * threads.
 */
public final class PgBouncer implements AutoCloseable {

	private static final int PORTS_TO_TRY = 10;

	private static @Nullable PgBouncer shared;

	private final EmbeddedPostgres postgres;

	private final PgBouncerOptions options;

	private final ServerHost host;

	private final ServerDirectory directory;

	private final Reaper reaper;

	private final int port;

	private @Nullable PgBouncerProcess process;

	private PgBouncer(EmbeddedPostgres postgres, PgBouncerOptions options, ServerHost host) {
		this.postgres = postgres;
		this.options = options;
		this.host = host;
		this.directory = ServerDirectory.create(host);
		this.reaper = Reaper.of(this.directory, "KILL");
		try {
			this.port = launchOnFreePort();
		}
		catch (RuntimeException ex) {
			this.reaper.close();
			throw ex;
		}
	}

	/**
	 * Tells whether PgBouncer can be started here. If not, tests are to be skipped.
	 * @return whether it is installed
	 * @throws IllegalStateException if it is not, though
	 * {@value InstalledServers#REQUIRED_VARIABLE} names {@code pgbouncer}
	 */
	public static boolean isAvailable() {
		return InstalledServers.have(PgBouncerProcess.PROGRAM, PgBouncerProcess.PROGRAM);
	}

	/**
	 * Starts a pooler in transaction mode.
	 * @param postgres the server, which need not run yet
	 * @return the pooler, ready for connections
	 * @throws IllegalStateException if it does not start; the message ends with its log
	 */
	public static PgBouncer inFrontOf(EmbeddedPostgres postgres) {
		return inFrontOf(postgres, PgBouncerOptions.defaults());
	}

	/**
	 * Starts a pooler.
	 * @param postgres the server, which need not run yet
	 * @param options its settings
	 * @return the pooler, ready for connections
	 * @throws IllegalStateException if it does not start; the message ends with its log
	 */
	public static PgBouncer inFrontOf(EmbeddedPostgres postgres, PgBouncerOptions options) {
		return new PgBouncer(postgres, options, ServerHost.current());
	}

	/**
	 * The one pooler of this JVM in front of {@link EmbeddedPostgres#shared()}, for every
	 * test that does not break it. It ends with the JVM: do not stop or close it.
	 * @return the shared pooler
	 */
	public static synchronized PgBouncer shared() {
		PgBouncer pooler = shared;
		if (pooler == null) {
			pooler = inFrontOf(EmbeddedPostgres.shared());
			shared = pooler;
		}
		return pooler;
	}

	/**
	 * The URL of a database through the pooler, for a client that respects poolers: its
	 * driver names no prepared statement.
	 * @param database the name of the database
	 * @return the URL, which has a query string
	 */
	public String url(String database) {
		return bareUrl(database) + "?prepareThreshold=0";
	}

	/**
	 * The URL of a database through the pooler, for a client that does not know of it.
	 * @param database the name of the database
	 * @return the URL, without a query string
	 */
	public String bareUrl(String database) {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/" + database;
	}

	/**
	 * The URL of a database past the pooler.
	 * @param database the name of the database
	 * @return the URL, without a query string
	 */
	public String directUrl(String database) {
		return this.postgres.jdbcUrl(database);
	}

	/**
	 * Creates an empty database under a name that no other has.
	 * @return its name
	 */
	public String createDatabase() {
		String url = this.postgres.createDatabase();
		return url.substring(url.lastIndexOf('/') + 1);
	}

	/**
	 * The user that the pooler connects as. It lets every client in.
	 * @return the user name
	 */
	public String username() {
		return this.postgres.username();
	}

	/**
	 * A password for those who must give one.
	 * @return the password
	 */
	public String password() {
		return this.postgres.password();
	}

	/**
	 * The port of the pooler. It stays the same over restarts.
	 * @return the port on 127.0.0.1
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Ends the pooler at once; its clients and the server lose their connections. Does
	 * nothing if it does not run.
	 */
	public synchronized void stop() {
		end(PgBouncerProcess::stop);
	}

	/**
	 * Kills the pooler without a warning. Does nothing if it does not run.
	 */
	public synchronized void crash() {
		end(PgBouncerProcess::kill);
	}

	/**
	 * Starts the pooler again on the same port, after stopping it if it still runs.
	 * @throws IllegalStateException if it does not start; the message ends with its log
	 */
	public synchronized void restart() {
		stop();
		launch(this.port);
	}

	/**
	 * Ends the pooler and deletes its files.
	 */
	@Override
	public synchronized void close() {
		crash();
		this.reaper.close();
	}

	ServerDirectory directory() {
		return this.directory;
	}

	private void end(Consumer<PgBouncerProcess> how) {
		PgBouncerProcess running = this.process;
		if (running != null) {
			how.accept(running);
			this.process = null;
			this.reaper.watch(List.of());
		}
	}

	private int launchOnFreePort() {
		for (int attempt = 1;; attempt++) {
			int candidate = Ports.pickFree();
			try {
				launch(candidate);
				return candidate;
			}
			catch (IllegalStateException ex) {
				// Another process may have taken the port since it was picked.
				if (attempt == PORTS_TO_TRY || Ports.isFree(candidate)) {
					throw ex;
				}
			}
		}
	}

	private void launch(int onPort) {
		PgBouncerProcess launched = PgBouncerProcess.launch(this.host, this.directory, configuration(onPort));
		this.reaper.watch(List.of(launched.pid()));
		try {
			launched.awaitReady(onPort);
			this.process = launched;
		}
		catch (IllegalStateException ex) {
			this.reaper.watch(List.of());
			throw ex;
		}
	}

	private String configuration(int onPort) {
		List<String> lines = new ArrayList<>();
		lines.add("[databases]");
		lines.add("* = host=127.0.0.1 port=" + this.postgres.port() + " user=" + this.postgres.username());
		lines.add("[pgbouncer]");
		lines.add("listen_addr = 127.0.0.1");
		lines.add("listen_port = " + onPort);
		lines.add("unix_socket_dir =");
		lines.add("auth_type = any");
		lines.add("max_client_conn = 1000");
		lines.add("pool_mode = transaction");
		lines.add("default_pool_size = 5");
		lines.add("ignore_startup_parameters = extra_float_digits");
		// Tests use many databases one after another, and break the server.
		lines.add("server_idle_timeout = 5");
		lines.add("server_login_retry = 1");
		this.options.settings().forEach((name, value) -> lines.add(name + " = " + value));
		return String.join("\n", lines) + "\n";
	}

}
