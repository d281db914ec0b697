package io.jobstarter.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.report.Report;
import io.jobstarter.benchmarks.report.RunFile;
import io.jobstarter.benchmarks.report.Unit;
import io.jobstarter.benchmarks.server.DatabaseServer;
import io.jobstarter.benchmarks.server.Machine;
import io.jobstarter.benchmarks.suite.BacklogSuite;
import io.jobstarter.benchmarks.suite.Bench;
import io.jobstarter.benchmarks.suite.DrainSuite;
import io.jobstarter.benchmarks.suite.EnqueueSuite;
import io.jobstarter.benchmarks.suite.FairSuite;
import io.jobstarter.benchmarks.suite.HistorySuite;
import io.jobstarter.benchmarks.suite.IdleSuite;
import io.jobstarter.benchmarks.suite.KeysSuite;
import io.jobstarter.benchmarks.suite.LanesSuite;
import io.jobstarter.benchmarks.suite.LoadSuite;
import io.jobstarter.benchmarks.suite.NodesSuite;
import io.jobstarter.benchmarks.suite.OtherDatabasesSuite;
import io.jobstarter.benchmarks.suite.RecurringSuite;
import io.jobstarter.benchmarks.suite.RetentionSuite;
import io.jobstarter.benchmarks.suite.SnapshotSuite;
import io.jobstarter.benchmarks.suite.Suite;

import org.springframework.dao.DataAccessException;

/**
 * The program: measures all engines in turn, round by round, and reports.
 */
public final class Benchmark {

	private final Options options;

	private final RunFile file;

	private Benchmark(Options options) {
		this.options = options;
		this.file = new RunFile(options.output().resolve("results.json"), options.plan().name());
	}

	/**
	 * Runs the benchmark.
	 * @param arguments the plan, and options as the README describes them
	 * @throws IOException if the report cannot be written
	 */
	public static void main(String[] arguments) throws IOException {
		new Benchmark(new Options(List.of(arguments))).run();
	}

	private void run() throws IOException {
		Files.createDirectories(this.options.output());
		try (DatabaseServer server = server()) {
			Map<String, String> facts = new LinkedHashMap<>(Machine.facts());
			facts.putAll(server.facts());
			this.file.facts(facts);
			for (int round = 1; round <= this.options.rounds(); round++) {
				for (Suite suite : this.options.suites(suites())) {
					if (round <= suite.rounds(this.options.plan())) {
						measure(server, round, suite);
					}
				}
			}
		}
		report();
	}

	private List<Suite> suites() {
		return List.of(new EnqueueSuite(this.options.value("group-commit", "")), new DrainSuite(), new LoadSuite(),
				new NodesSuite(), new LanesSuite(), new KeysSuite(), new FairSuite(), new OtherDatabasesSuite(),
				new BacklogSuite(), new IdleSuite(), new RecurringSuite(), new HistorySuite(), new RetentionSuite(),
				new SnapshotSuite());
	}

	private DatabaseServer server() {
		String url = this.options.value("url", "");
		return url.isEmpty() ? DatabaseServer.embedded()
				: DatabaseServer.at(url, this.options.value("user", "postgres"), this.options.value("password", ""));
	}

	private void measure(DatabaseServer server, int round, Suite suite) {
		for (EngineKind kind : this.options.engines()) {
			if (suite.isFor(kind, this.options.plan()) && !this.file.has(round, suite.name(), kind.title())) {
				measure(server, round, suite, kind);
			}
		}
	}

	private void measure(DatabaseServer server, int round, Suite suite, EngineKind kind) {
		String place = "round " + round + ", " + suite.name() + ", " + kind.title();
		long start = System.nanoTime();
		try {
			Bench bench = new Bench(server, kind, this.options.plan(), log(kind));
			suite.run(bench);
			this.file.add(new Unit(round, suite.name(), kind.title(), bench.figures(), bench.remarks()));
			System.out.println(place + ": " + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
		}
		catch (IllegalStateException | DataAccessException ex) {
			// The others can be measured all the same, and this one at the next start.
			System.out.println(place + " failed: " + ex.getMessage());
		}
	}

	private Path log(EngineKind kind) {
		return this.options.output().resolve(kind.title().replace(' ', '-') + ".log");
	}

	private void report() {
		Map<String, String> settings = new LinkedHashMap<>();
		settings.put("all",
				"a pool of " + Bench.POOL + " connections, reWriteBatchedInserts on, a JVM of 1 GB for each node");
		this.options.engines().forEach((kind) -> settings.put(kind.title(), kind.settings()));
		Report report = new Report(this.file.run(), settings);
		System.out.println(report.tables());
		System.out.println("Report: " + report.write(this.options.output()).toAbsolutePath());
	}

}
