package io.jobstarter.benchmarks.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.benchmarks.Plan;
import io.jobstarter.benchmarks.child.ChildJvm;
import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.engine.EngineSettings;
import io.jobstarter.benchmarks.report.Figure;
import io.jobstarter.benchmarks.server.Cost;
import io.jobstarter.benchmarks.server.DatabaseServer;

import org.springframework.util.FileSystemUtils;

/**
 * An engine and an empty database, and a place for what is measured.
 */
public final class Bench {

	/** The connections of each application's pool. */
	public static final int POOL = 20;

	private static final String DATABASE = "job_benchmark";

	private final DatabaseServer server;

	private final EngineKind kind;

	private final Plan plan;

	private final Path log;

	private final List<Figure> figures = new ArrayList<>();

	private final List<String> remarks = new ArrayList<>();

	private String url = "";

	/**
	 * Makes a bench.
	 * @param server the server
	 * @param kind the engine
	 * @param plan how much is measured
	 * @param log where the engine's JVMs log to
	 */
	public Bench(DatabaseServer server, EngineKind kind, Plan plan, Path log) {
		this.server = server;
		this.kind = kind;
		this.plan = plan;
		this.log = log;
		newDatabase();
	}

	EngineKind kind() {
		return this.kind;
	}

	Plan plan() {
		return this.plan;
	}

	DatabaseServer server() {
		return this.server;
	}

	String url() {
		return this.url;
	}

	/**
	 * Begins anew with an empty database. No JVM may use the old one any more.
	 */
	void newDatabase() {
		String database = this.server.create(DATABASE);
		// Halves what batches of the peers cost; for everybody, as the pool is.
		this.url = database + (database.contains("?") ? "&" : "?") + "reWriteBatchedInserts=true";
	}

	/**
	 * Begins anew with an empty database for which the server counts statements, or
	 * transactions where it cannot.
	 * @return whether it counts statements
	 */
	boolean newDatabaseThatCounts() {
		newDatabase();
		return this.server.countStatements(DATABASE);
	}

	/**
	 * Runs a statement in the database.
	 * @param statement the statement
	 */
	void execute(String statement) {
		try (Connection connection = this.server.connect(this.url); Statement each = connection.createStatement()) {
			each.execute(statement);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Counts the rows of a table.
	 * @param table the table
	 * @return how many there are
	 */
	long count(String table) {
		try (Connection connection = this.server.connect(this.url);
				Statement each = connection.createStatement();
				ResultSet count = each.executeQuery("select count(*) from " + table)) {
			count.next();
			return count.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Cleans up what loading has left behind, and takes statistics.
	 */
	void tidy() {
		execute("vacuum analyze");
	}

	/**
	 * Makes an empty directory beside the results.
	 * @param name its name
	 * @return the directory
	 */
	Path emptyDirectory(String name) {
		Path directory = this.log.resolveSibling(name);
		try {
			FileSystemUtils.deleteRecursively(directory);
			return Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts a JVM that only enqueues.
	 * @return the JVM
	 */
	ChildJvm openClient() {
		return open(false, 1);
	}

	/**
	 * Starts a JVM that enqueues and runs jobs.
	 * @return the JVM
	 */
	ChildJvm openWorker() {
		return open(true, 1);
	}

	ChildJvm open(boolean workers, int queues) {
		return open(workers, queues, "");
	}

	/**
	 * Starts a JVM.
	 * @param workers whether it runs jobs
	 * @param queues how many queues there are
	 * @param property one more property of this project's engine, or an empty text
	 * @return the JVM
	 */
	ChildJvm open(boolean workers, int queues, String property) {
		return open(new EngineSettings(this.url, this.server.user(), this.server.password(), POOL, workers, queues,
				property));
	}

	ChildJvm open(EngineSettings settings) {
		return ChildJvm.open(this.kind, settings, this.log);
	}

	/**
	 * The number of jobs for this engine.
	 * @param jobs the number for a fast one
	 * @return the number
	 */
	int scaled(int jobs) {
		return Math.max(jobs / this.kind.slowness(), 1);
	}

	/**
	 * How many jobs warm a worker up.
	 * @return the number
	 */
	int warmUp() {
		return (int) Math.max(this.kind.warmUp() * this.plan.warmUpShare(), 20);
	}

	/**
	 * Measures a command that says how many jobs it was, what time and what CPU it took:
	 * the rate, and what a job cost.
	 * @param scenario what to call it
	 * @param command the command
	 * @return the answer
	 */
	JsonNode measure(String scenario, Supplier<JsonNode> command) {
		Cost before = this.server.cost();
		JsonNode answer = command.get();
		Cost cost = this.server.cost().since(before);
		double jobs = Math.max(answer.get("count").asInt(), 1);
		record(scenario, "jobs/s", jobs * 1e9 / answer.get("nanos").asLong());
		Long cpu = cost.cpuMicros();
		if (cpu != null) {
			record(scenario, "PostgreSQL µs/job", cpu / jobs);
		}
		record(scenario, "Java µs/job", answer.get("cpuNanos").asLong() / 1e3 / jobs);
		record(scenario, "WAL bytes/job", cost.walBytes() / jobs);
		return answer;
	}

	void record(String scenario, String measure, double value) {
		this.figures.add(new Figure(scenario, measure, value));
	}

	void remark(String remark) {
		this.remarks.add(remark);
	}

	/**
	 * What was measured.
	 * @return the figures
	 */
	public List<Figure> figures() {
		return List.copyOf(this.figures);
	}

	/**
	 * What else is to be said.
	 * @return the remarks
	 */
	public List<String> remarks() {
		return List.copyOf(this.remarks);
	}

}
