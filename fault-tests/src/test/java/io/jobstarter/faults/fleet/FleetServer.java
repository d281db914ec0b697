package io.jobstarter.faults.fleet;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.jobstarter.testdatabases.EmbeddedMariaDb;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.EmbeddedServer;
import io.jobstarter.testdatabases.PgBouncer;

/**
 * The databases that a fleet can run on, and all that differs between them.
 */
public enum FleetServer {

	/** The server that the tests unpack themselves. */
	POSTGRESQL("timestamp(6) with time zone") {

		@Override
		boolean isAvailable() {
			return true;
		}

		@Override
		Access createDatabase() {
			return accessTo(EmbeddedPostgres.shared());
		}

		@Override
		String urlFor(String url, String node) {
			return url + (url.contains("?") ? "&" : "?") + "ApplicationName=" + node;
		}

	},

	/** PostgreSQL behind PgBouncer in transaction mode. */
	PGBOUNCER("timestamp(6) with time zone") {

		@Override
		boolean isAvailable() {
			return PgBouncer.isAvailable();
		}

		@Override
		Access createDatabase() {
			PgBouncer pooler = PgBouncer.shared();
			String database = pooler.createDatabase();
			return new Access(pooler.url(database), pooler.username(), pooler.password(),
					List.of("--background-jobs.worker.listen-url=" + pooler.directUrl(database)));
		}

	},

	/** The machine's own MariaDB, if it is installed. */
	MARIADB("timestamp(6)") {

		@Override
		boolean isAvailable() {
			return EmbeddedMariaDb.isInstalled();
		}

		@Override
		Access createDatabase() {
			return accessTo(EmbeddedMariaDb.shared());
		}

	};

	private final String instantType;

	FleetServer(String instantType) {
		this.instantType = instantType;
	}

	/**
	 * Tells whether it can be started on this machine.
	 * @return whether it can
	 */
	abstract boolean isAvailable();

	/**
	 * Creates an empty database.
	 * @return the way to it
	 */
	abstract Access createDatabase();

	/**
	 * Creates an empty database on a server of the test's own, which it may break.
	 * @param server the server
	 * @return the way to it
	 */
	public static Access accessTo(EmbeddedServer server) {
		return new Access(server.createDatabase(), server.username(), server.password(), List.of());
	}

	/**
	 * Names the sessions of a node, where the server lists names.
	 * @param url the URL of the database
	 * @param node the node's name
	 * @return the URL for that node
	 */
	String urlFor(String url, String node) {
		return url;
	}

	/**
	 * Says what the tests' own tables are made of.
	 * @return the statements that create them
	 */
	List<String> tables() {
		String ledger = """
				create table if not exists ledger (
				    number int not null, job_id bigint not null, attempt int not null,
				    node varchar(100) not null, pid bigint not null, worker bigint, claim bigint,
				    started_at %s not null
				)
				""";
		String effect = """
				create table if not exists effect (
				    number int not null, job_id bigint not null, node varchar(100) not null, begun_at %s not null
				)
				""";
		String postponed = """
				create table if not exists postponed (job_id bigint not null, node varchar(100) not null, postponed_at %s not null)
				""";
		String tick = """
				create table if not exists tick (
				    fire_millis bigint not null, job_id bigint not null, node varchar(100) not null, pid bigint not null,
				    started_at %s not null
				)
				""";
		String fired = """
				create table if not exists fired (
				    fire_millis bigint not null, job_id bigint not null, node varchar(100) not null, pid bigint not null
				)
				""";
		String body = """
				create table if not exists body (
				    id bigint primary key, number int not null, job_id bigint not null, kind varchar(20) not null,
				    key_name varchar(100) not null, attempt int not null, node varchar(100) not null, pid bigint not null,
				    begun_at %1$s not null, ended_at %1$s null
				)
				""";
		String keyEffect = """
				create table if not exists key_effect (body_id bigint not null, number int not null)
				""";
		return Stream.of(ledger, effect, postponed, tick, fired, body, keyEffect)
			.map((table) -> table.formatted(this.instantType))
			.toList();
	}

	public static List<FleetServer> available() {
		return Arrays.stream(values()).filter(FleetServer::isAvailable).toList();
	}

	public static FleetServer of(String name) {
		try {
			return valueOf(name.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("No such database: " + name + "; there are " + List.of(values()));
		}
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The way to a database.
	 *
	 * @param url its URL, with all options that it needs
	 * @param username who connects
	 * @param password the password
	 * @param settings further settings of a node that uses it, as Spring Boot's arguments
	 */
	public record Access(String url, String username, String password, List<String> settings) {
	}

}
