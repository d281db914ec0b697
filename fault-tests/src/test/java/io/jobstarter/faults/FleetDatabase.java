package io.jobstarter.faults;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.jobstarter.JobClient;
import io.jobstarter.JobOperations;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The database of a fleet, and a produce-only node in this JVM that fills and reads it.
 */
final class FleetDatabase implements AutoCloseable {

	private final FleetServer server;

	private final FleetServer.Access access;

	private final ConfigurableApplicationContext producer;

	private final JdbcTemplate jdbc;

	private FleetDatabase(FleetServer server, FleetServer.Access access, ConfigurableApplicationContext producer) {
		this.server = server;
		this.access = access;
		this.producer = producer;
		this.jdbc = producer.getBean(JdbcTemplate.class);
	}

	static FleetDatabase create(FleetServer server) {
		return create(server, List.of());
	}

	/**
	 * Creates a database.
	 * @param server where
	 * @param settings further settings of the producer, as Spring Boot's arguments
	 * @return the database
	 */
	static FleetDatabase create(FleetServer server, List<String> settings) {
		FleetServer.Access access = server.createDatabase();
		List<String> arguments = arguments(access, access.url());
		arguments.add("--background-jobs.worker.enabled=false");
		arguments.addAll(settings);
		arguments.add("--logging.level.root=warn");
		arguments.add("--logging.level.io.jobstarter.jobs=warn");
		FleetDatabase database = new FleetDatabase(server, access,
				new SpringApplicationBuilder(NodeApplication.class).run(arguments.toArray(String[]::new)));
		server.tables().forEach(database.jdbc::execute);
		return database;
	}

	/**
	 * Says how a node connects.
	 * @param node the node's name
	 * @return its settings, as Spring Boot's arguments
	 */
	List<String> arguments(String node) {
		return arguments(this.access, this.server.urlFor(this.access.url(), node));
	}

	private static List<String> arguments(FleetServer.Access access, String url) {
		List<String> arguments = new ArrayList<>();
		arguments.add("--spring.datasource.url=" + url);
		arguments.add("--spring.datasource.username=" + access.username());
		arguments.add("--spring.datasource.password=" + access.password());
		arguments.addAll(access.settings());
		return arguments;
	}

	JobClient client() {
		return this.producer.getBean(JobClient.class);
	}

	JobOperations operations() {
		return this.producer.getBean(JobOperations.class);
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	TransactionTemplate transaction() {
		return new TransactionTemplate(this.producer.getBean(PlatformTransactionManager.class));
	}

	int count(String query) {
		Integer count = this.jdbc.queryForObject("select count(*) from " + query, Integer.class);
		return (count != null) ? count : 0;
	}

	List<Integer> started() {
		return this.jdbc.queryForList("select distinct number from ledger order by number", Integer.class);
	}

	List<Integer> effects() {
		return this.jdbc.queryForList("select number from effect order by number", Integer.class);
	}

	/**
	 * Tells the time by the clock that the ledger goes by.
	 * @return the database's time
	 */
	Instant now() {
		Timestamp now = this.jdbc.queryForObject("select current_timestamp(6)", Timestamp.class);
		return Objects.requireNonNull(now).toInstant();
	}

	@Override
	public void close() {
		this.producer.close();
	}

}
