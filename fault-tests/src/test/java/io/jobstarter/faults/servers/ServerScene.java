package io.jobstarter.faults.servers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.awaitility.Awaitility;

/**
 * A server that is struck, and how long.
 *
 * @param server the server
 * @param url the URL of the nodes' database
 * @param outage how long the database is away
 * @param lease the nodes' lease
 */
record ServerScene(EmbeddedPostgres server, String url, Duration outage, Duration lease) {

	private static final String NODES = "pg_stat_activity where application_name like 'node-%'";

	/** Longer than a lease: so long that every node would look dead. */
	Duration longerThanLease() {
		return this.lease.plus(this.lease.dividedBy(4));
	}

	static void pass(Duration time) {
		Awaitility.await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
	}

	/**
	 * Connects as nobody that the server counts as a node.
	 * @return the connection, as a superuser
	 * @throws SQLException if the server lets nobody in
	 */
	Connection connect() throws SQLException {
		return connect(this.server.jdbcUrl());
	}

	/**
	 * Connects to the database of the nodes.
	 * @return the connection, as a superuser
	 * @throws SQLException if the server lets nobody in
	 */
	Connection connectToJobs() throws SQLException {
		return connect(this.url);
	}

	private Connection connect(String url) throws SQLException {
		return DriverManager.getConnection(url + "?ApplicationName=test", this.server.username(),
				this.server.password());
	}

	static void execute(Connection connection, String statement) throws SQLException {
		try (Statement executed = connection.createStatement()) {
			executed.execute(statement);
		}
	}

	/**
	 * Ends the sessions of all nodes, as an administrator does.
	 * @param connection who ends them
	 * @throws SQLException if the server refuses
	 */
	static void endSessions(Connection connection) throws SQLException {
		execute(connection, "select pg_terminate_backend(pid) from " + NODES);
	}

	static int sessions(Connection connection) throws SQLException {
		return (int) number(connection, "select count(*) from " + NODES);
	}

	static long number(Connection connection, String query) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(query)) {
			result.next();
			return result.getLong(1);
		}
	}

}
