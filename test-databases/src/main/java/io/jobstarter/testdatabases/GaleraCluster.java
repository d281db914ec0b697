package io.jobstarter.testdatabases;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.mariadb.jdbc.Driver;

/**
 * Three MariaDB servers on the loopback interface that replicate to each other by Galera.
 * Each can be stopped, crashed and hung like any {@link EmbeddedServer}, and joins the
 * others again when it is {@link EmbeddedServer#restart() restarted}, for which one of
 * them has to be up.
 */
public final class GaleraCluster implements AutoCloseable {

	/** Its name in {@link InstalledServers#REQUIRED_VARIABLE}. */
	public static final String NAME = "galera";

	/** How many servers there are. */
	public static final int SIZE = 3;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final List<ServerDirectory> directories = new ArrayList<>();

	private final List<Reaper> reapers = new ArrayList<>();

	private final List<EmbeddedMariaDb> servers = new ArrayList<>();

	private GaleraCluster() {
	}

	/**
	 * Whether the servers and the library are installed on this machine.
	 * @return whether they are
	 * @throws IllegalStateException if they are not, and
	 * {@value InstalledServers#REQUIRED_VARIABLE} names them
	 */
	public static boolean isInstalled() {
		return EmbeddedMariaDb.isInstalled() && GaleraProgram.isInstalled();
	}

	/**
	 * Starts a cluster.
	 * @return the cluster, whose servers are in step
	 * @throws IllegalStateException if one does not start; the message then ends with its
	 * log
	 */
	public static GaleraCluster start() {
		GaleraCluster cluster = new GaleraCluster();
		try {
			cluster.launch(ServerHost.current());
			return cluster;
		}
		catch (RuntimeException ex) {
			cluster.close();
			throw ex;
		}
	}

	private void launch(ServerHost host) {
		for (int i = 0; i < SIZE; i++) {
			this.directories.add(ServerDirectory.create(host));
			this.reapers.add(Reaper.of(this.directories.get(i), "KILL"));
		}
		List<GaleraProgram> members = GaleraProgram.members(EmbeddedMariaDb.program(host), SIZE);
		members.get(0).mariaDb().initialize(this.directories.get(0));
		for (int i = 0; i < SIZE; i++) {
			this.servers.add(new EmbeddedMariaDb(members.get(i), this.directories.get(i), this.reapers.get(i)));
			awaitInStep(i, i + 1);
		}
	}

	/**
	 * The servers, whose databases and users are the same.
	 * @param index which, from 0 on
	 * @return the server
	 */
	public EmbeddedMariaDb server(int index) {
		return this.servers.get(index);
	}

	/**
	 * Waits until a server has all that the others have, and takes part.
	 * @param index which, from 0 on
	 * @param size how many servers there have to be then
	 */
	public void awaitInStep(int index, int size) {
		if (!Processes.await(() -> isInStep(index, size), PATIENCE)) {
			throw this.directories.get(index).failure("Server " + index + " is not in step after " + PATIENCE);
		}
	}

	private boolean isInStep(int index, int size) {
		EmbeddedMariaDb server = this.servers.get(index);
		try (Connection connection = server.connect(new Driver(), server.jdbcUrl());
				Statement statement = connection.createStatement()) {
			return status(statement, "wsrep_local_state_comment").equals("Synced")
					&& status(statement, "wsrep_cluster_status").equals("Primary")
					&& status(statement, "wsrep_cluster_size").equals(String.valueOf(size));
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static String status(Statement statement, String name) throws SQLException {
		try (ResultSet row = statement.executeQuery("show status like '" + name + "'")) {
			return row.next() ? row.getString(2) : "";
		}
	}

	/**
	 * Ends all servers and deletes their data.
	 */
	@Override
	public void close() {
		this.reapers.forEach(Reaper::close);
		this.servers.forEach(EmbeddedMariaDb::close);
	}

}
