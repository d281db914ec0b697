package io.jobstarter.faults.fleet;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobClient;
import io.jobstarter.JobOperations;
import io.jobstarter.faults.NodeApplication;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The database of a fleet, and a produce-only node in this JVM that fills and reads it.
 */
public final class FleetDatabase implements AutoCloseable {

	private static final Pattern PORT = Pattern.compile("(//[^/:]+:)(\\d+)");

	private final FleetServer server;

	private final FleetServer.Access access;

	private JdbcTemplate jdbc;

	private @Nullable ConfigurableApplicationContext producer;

	private FleetDatabase(FleetServer server, FleetServer.Access access) {
		this.server = server;
		this.access = access;
		this.jdbc = new JdbcTemplate(new DriverManagerDataSource(access.url(), access.username(), access.password()));
	}

	public static FleetDatabase create(FleetServer server) {
		return create(server, List.of());
	}

	/**
	 * Creates a database.
	 * @param server where
	 * @param settings further settings of the producer, as Spring Boot's arguments
	 * @return the database
	 */
	public static FleetDatabase create(FleetServer server, List<String> settings) {
		return open(server, server.createDatabase(), settings);
	}

	/**
	 * Creates a database that has no tables until a node makes them, and no producer
	 * until {@link #join} is called.
	 * @param server where
	 * @return the database
	 */
	public static FleetDatabase empty(FleetServer server) {
		return new FleetDatabase(server, server.createDatabase());
	}

	/**
	 * Takes a database that is there, and creates the tables of the tests in it.
	 * @param server what kind of database it is
	 * @param access the way to it
	 * @param settings further settings of the producer, as Spring Boot's arguments
	 * @return the database
	 */
	public static FleetDatabase open(FleetServer server, FleetServer.Access access, List<String> settings) {
		return open(server, access, settings, new SpringApplicationBuilder(NodeApplication.class));
	}

	private static FleetDatabase open(FleetServer server, FleetServer.Access access, List<String> settings,
			SpringApplicationBuilder application) {
		FleetDatabase database = new FleetDatabase(server, access);
		database.join(settings, application);
		return database;
	}

	/**
	 * Starts the producer, and creates the tables of the tests.
	 * @param settings further settings of the producer, as Spring Boot's arguments
	 */
	public void join(List<String> settings) {
		join(settings, new SpringApplicationBuilder(NodeApplication.class));
	}

	private void join(List<String> settings, SpringApplicationBuilder application) {
		List<String> arguments = arguments(this.access, this.access.url());
		arguments.addAll(settings);
		this.producer = startProducer(arguments, application);
		this.jdbc = producer().getBean(JdbcTemplate.class);
		this.server.tables().forEach(this.jdbc::execute);
	}

	private ConfigurableApplicationContext producer() {
		return Objects.requireNonNull(this.producer, "Nobody has joined this database");
	}

	/**
	 * Starts one more produce-only node in this JVM, which reaches the database through a
	 * proxy.
	 * @param proxy the proxy
	 * @param settings further settings, as Spring Boot's arguments
	 * @return the node, to be closed
	 */
	public ConfigurableApplicationContext producer(TcpProxy proxy, List<String> settings) {
		List<String> arguments = arguments("producer", proxy);
		arguments.addAll(settings);
		return startProducer(arguments, new SpringApplicationBuilder(NodeApplication.class));
	}

	// One at a time: they share what they log by.
	private static synchronized ConfigurableApplicationContext startProducer(List<String> arguments,
			SpringApplicationBuilder application) {
		arguments.add("--background-jobs.worker.enabled=false");
		arguments.add("--logging.level.root=warn");
		arguments.add("--logging.level.io.jobstarter.jobs=warn");
		return application.run(arguments.toArray(String[]::new));
	}

	/**
	 * Creates a database whose producer has further parts.
	 * @param server where
	 * @param settings further settings of the producer, as Spring Boot's arguments
	 * @param application starts it
	 * @return the database
	 */
	public static FleetDatabase create(FleetServer server, List<String> settings,
			SpringApplicationBuilder application) {
		return open(server, server.createDatabase(), settings, application);
	}

	/**
	 * Says how a node connects.
	 * @param node the node's name
	 * @param proxy what stands between it and the database, if anything does
	 * @return its settings, as Spring Boot's arguments
	 */
	public List<String> arguments(String node, @Nullable TcpProxy proxy) {
		String url = this.server.urlFor(this.access.url(), node);
		return arguments(this.access, (proxy != null) ? PORT.matcher(url).replaceFirst("$1" + proxy.port()) : url);
	}

	/**
	 * Opens a proxy in front of the server.
	 * @return the proxy, which nobody uses yet
	 */
	public TcpProxy proxy() {
		Matcher port = PORT.matcher(this.access.url());
		if (!port.find()) {
			throw new IllegalStateException("No port in " + this.access.url());
		}
		return TcpProxy.to(Integer.parseInt(port.group(2)));
	}

	private static List<String> arguments(FleetServer.Access access, String url) {
		List<String> arguments = new ArrayList<>();
		arguments.add("--spring.datasource.url=" + url);
		arguments.add("--spring.datasource.username=" + access.username());
		arguments.add("--spring.datasource.password=" + access.password());
		arguments.addAll(access.settings());
		return arguments;
	}

	public JobClient client() {
		return producer().getBean(JobClient.class);
	}

	public JobOperations operations() {
		return producer().getBean(JobOperations.class);
	}

	public JdbcTemplate jdbc() {
		return this.jdbc;
	}

	public TransactionTemplate transaction() {
		return new TransactionTemplate(producer().getBean(PlatformTransactionManager.class));
	}

	public int count(String query) {
		Integer count = this.jdbc.queryForObject("select count(*) from " + query, Integer.class);
		return (count != null) ? count : 0;
	}

	public List<Integer> started() {
		return this.jdbc.queryForList("select distinct number from ledger order by number", Integer.class);
	}

	public List<Integer> effects() {
		return this.jdbc.queryForList("select number from effect order by number", Integer.class);
	}

	/**
	 * Closes this JVM's connections, which may lead to a server that only reads by now:
	 * without jobs of its own it would not notice.
	 */
	public void leaveServer() {
		this.producer.getBean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
	}

	/**
	 * Tells the time by the clock that the ledger goes by.
	 * @return the database's time
	 */
	public Instant now() {
		Timestamp now = this.jdbc.queryForObject("select current_timestamp(6)", Timestamp.class);
		return Objects.requireNonNull(now).toInstant();
	}

	@Override
	public void close() {
		if (this.producer != null) {
			this.producer.close();
		}
	}

}
