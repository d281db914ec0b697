package io.jobstarter.benchmarks.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PostgresOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The PostgreSQL that all engines are measured on, each in a database of its own.
 */
public final class DatabaseServer implements AutoCloseable {

	private static final String[] SETTINGS = { "fsync", "synchronous_commit", "full_page_writes", "shared_buffers",
			"max_wal_size", "checkpoint_timeout", "autovacuum", "wal_compression", "jit", "max_connections" };

	private static final String STATEMENTS = """
			select coalesce(sum(calls), 0)::bigint
			from pg_stat_statements join pg_database on oid = dbid
			where datname = ?
			""";

	private static final String TRANSACTIONS = """
			select xact_commit + xact_rollback from pg_stat_database where datname = ?
			""";

	private final String url;

	private final String user;

	private final String password;

	private final @Nullable EmbeddedPostgres embedded;

	private final SingleConnectionDataSource connection;

	private final JdbcTemplate jdbc;

	private final ServerProcesses processes;

	private DatabaseServer(String url, String user, String password, @Nullable EmbeddedPostgres embedded) {
		this.url = url;
		this.user = user;
		this.password = password;
		this.embedded = embedded;
		this.connection = new SingleConnectionDataSource(url, user, password, true);
		this.jdbc = new JdbcTemplate(this.connection);
		this.processes = ServerProcesses.of(this.jdbc);
	}

	/**
	 * Starts one of its own that is durable, unlike in tests.
	 * @return the server
	 */
	public static DatabaseServer embedded() {
		EmbeddedPostgres server = EmbeddedPostgres.start(PostgresOptions.defaults()
			.withSetting("fsync", "on")
			.withSetting("synchronous_commit", "on")
			.withSetting("full_page_writes", "on")
			.withSetting("shared_buffers", "512MB")
			// No checkpoint amid one engine's share and not another's.
			.withSetting("max_wal_size", "8GB")
			.withSetting("checkpoint_timeout", "30min")
			.withSetting("shared_preload_libraries", "pg_stat_statements")
			.withSetting("pg_stat_statements.track", "none"));
		return new DatabaseServer(server.jdbcUrl(), server.username(), server.password(), server);
	}

	/**
	 * Uses one that runs.
	 * @param url the URL of a database from which databases can be created
	 * @param user a user who may do so
	 * @param password the password
	 * @return the server
	 */
	public static DatabaseServer at(String url, String user, String password) {
		return new DatabaseServer(url, user, password, null);
	}

	public String user() {
		return this.user;
	}

	public String password() {
		return this.password;
	}

	/**
	 * Makes an empty database, instead of one of that name.
	 * @param name the name
	 * @return its URL
	 */
	public String create(String name) {
		drop(name);
		this.jdbc.execute("create database " + name);
		return url(name);
	}

	/**
	 * Removes a database, if it is there, whoever is connected to it.
	 * @param name the name
	 */
	public void drop(String name) {
		this.jdbc.execute("drop database if exists " + name + " with (force)");
	}

	private String url(String database) {
		int options = this.url.indexOf('?');
		String address = (options < 0) ? this.url : this.url.substring(0, options);
		String rest = (options < 0) ? "" : this.url.substring(options);
		return address.substring(0, address.lastIndexOf('/') + 1) + database + rest;
	}

	/**
	 * Opens a connection to a database of this server.
	 * @param database its URL
	 * @return the connection
	 * @throws SQLException if that fails
	 */
	public Connection connect(String database) throws SQLException {
		return DriverManager.getConnection(database, this.user, this.password);
	}

	/**
	 * What it has cost so far.
	 * @return the CPU time and the WAL
	 */
	public Cost cost() {
		Long wal = this.jdbc.queryForObject("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint",
				Long.class);
		return new Cost(this.processes.cpuMicros(), (wal != null) ? wal : 0);
	}

	/**
	 * Has the server count the statements of a database, of connections to come.
	 * @param name the name of the database
	 * @return whether it can
	 */
	public boolean countStatements(String name) {
		if (countsStatements()) {
			this.jdbc.execute("create extension if not exists pg_stat_statements");
			this.jdbc.execute("alter database " + name + " set pg_stat_statements.track = 'top'");
		}
		return countsStatements();
	}

	// An extension whose library is not loaded can be there, and be asked in vain.
	private boolean countsStatements() {
		Boolean loaded = this.jdbc.queryForObject(
				"select current_setting('shared_preload_libraries') like '%pg_stat_statements%'", Boolean.class);
		return Boolean.TRUE.equals(loaded);
	}

	/**
	 * The statements of a database that were counted so far, or the transactions where
	 * statements cannot be counted.
	 * @param database its URL
	 * @return the number
	 */
	public long statements(String database) {
		String name = database.replaceFirst("\\?.*", "").replaceFirst(".*/", "");
		Long number = this.jdbc.queryForObject(countsStatements() ? STATEMENTS : TRANSACTIONS, Long.class, name);
		return (number != null) ? number : 0;
	}

	/**
	 * What the report says of it.
	 * @return names and values
	 */
	public Map<String, String> facts() {
		Map<String, String> facts = new LinkedHashMap<>();
		facts.put("PostgreSQL", this.jdbc.queryForObject("show server_version", String.class)
				+ ((this.embedded != null) ? ", embedded" : ", given by URL"));
		for (String setting : SETTINGS) {
			facts.put(setting,
					String.valueOf(this.jdbc.queryForObject("select current_setting(?)", String.class, setting)));
		}
		facts.put("CPU of the server", this.processes.isReadable() ? "of all its processes, from /proc" : "n/a");
		return facts;
	}

	@Override
	public void close() {
		this.connection.destroy();
		if (this.embedded != null) {
			this.embedded.close();
		}
	}

}
