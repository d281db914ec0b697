package io.jobstarter.faults;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.jobstarter.JobClient;
import io.jobstarter.JobOperations;
import io.jobstarter.testdatabases.EmbeddedPostgres;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The database of a fleet, and a produce-only node in this JVM that fills and reads it.
 */
final class FleetDatabase implements AutoCloseable {

	private final String url;

	private final ConfigurableApplicationContext producer;

	private final JdbcTemplate jdbc;

	private FleetDatabase(String url, ConfigurableApplicationContext producer) {
		this.url = url;
		this.producer = producer;
		this.jdbc = producer.getBean(JdbcTemplate.class);
	}

	static FleetDatabase create() {
		EmbeddedPostgres server = EmbeddedPostgres.shared();
		String url = server.createDatabase();
		ConfigurableApplicationContext producer = new SpringApplicationBuilder(NodeApplication.class)
			.web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + url, "--spring.datasource.username=" + server.username(),
					"--spring.datasource.password=", "--background-jobs.worker.enabled=false");
		FleetDatabase database = new FleetDatabase(url, producer);
		database.jdbc.execute("create table ledger (number int, attempt int, pid bigint, started_at timestamptz)");
		database.jdbc.execute("create table effect (number int)");
		return database;
	}

	String url() {
		return this.url;
	}

	String username() {
		return EmbeddedPostgres.shared().username();
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
	 * What was running in a process at an instant, and when it ran again elsewhere.
	 * @param pid the process
	 * @param at the instant, by the database's clock
	 * @return the longest time until one of its jobs ran again
	 */
	Duration longestUntilRunAgain(long pid, Instant at) {
		Double seconds = this.jdbc.queryForObject("""
				select coalesce(max(extract(epoch from again.started_at - ?)), 0)
				from ledger held
				join lateral (select min(l.started_at) as started_at from ledger l
				              where l.number = held.number and l.started_at > ?) again on true
				where held.pid = ? and again.started_at is not null
				""", Double.class, Timestamp.from(at), Timestamp.from(at), pid);
		return Duration.ofMillis((long) ((seconds != null) ? seconds * 1000 : 0));
	}

	Instant now() {
		Timestamp now = this.jdbc.queryForObject("select clock_timestamp()", Timestamp.class);
		return (now != null) ? now.toInstant() : Instant.EPOCH;
	}

	@Override
	public void close() {
		this.producer.close();
	}

}
