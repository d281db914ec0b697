package io.jobstarter.faults.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.jobstarter.faults.soak.GrowthRule.Verdict;

/**
 * Judges and shows what was measured. Of the nodes the one that lives through the whole
 * run is judged; the other one is restarted before anything could grow.
 */
final class SoakReport {

	static final String STEADY = "steady node";

	static final String RESTARTED = "restarted node";

	private static final Map<String, GrowthRule> RULES = rules();

	private final Measurements measurements;

	SoakReport(Measurements measurements) {
		this.measurements = measurements;
	}

	// Amounts are what a step in either direction can be: a page of an index, a thread
	// that a pool starts again, a portion of history that is about to be deleted.
	private static Map<String, GrowthRule> rules() {
		Map<String, GrowthRule> rules = new LinkedHashMap<>();
		rules.put("heap " + STEADY, new GrowthRule(0.05, 2));
		rules.put("outside of the heap " + STEADY, new GrowthRule(0.1, 4));
		rules.put("resident " + STEADY, new GrowthRule(0.15, 16));
		rules.put("threads " + STEADY, new GrowthRule(0, 3));
		rules.put("descriptors " + STEADY, new GrowthRule(0, 4));
		rules.put("connections " + STEADY, new GrowthRule(0, 2));
		rules.put("sessions", new GrowthRule(0, 4));
		for (String table : List.of("job", "key", "rate", "worker", "expiring_key", "fleet_slots", "failure",
				"dead_letter", "pulse")) {
			rules.put("table " + table, new GrowthRule(0.25, 0.5));
			rules.put("indexes " + table, new GrowthRule(0.25, 0.5));
		}
		rules.put("table history", new GrowthRule(0.25, 2));
		rules.put("indexes history", new GrowthRule(0.25, 2));
		rules.put("rows of the history", new GrowthRule(0.25, 2_000));
		rules.put("jobs", new GrowthRule(0.25, 100));
		rules.put("oldest ready job", new GrowthRule(0.25, 1));
		return rules;
	}

	List<Verdict> verdicts() {
		return RULES.entrySet()
			.stream()
			.map((rule) -> rule.getValue().judge(this.measurements.curve(rule.getKey())))
			.toList();
	}

	/**
	 * Writes the measurements as a table and as plots.
	 * @param directory where to
	 * @throws IOException if they cannot be written
	 */
	void write(Path directory) throws IOException {
		Files.createDirectories(directory);
		this.measurements.write(directory.resolve("soak.csv"));
		Files.write(directory.resolve("verdicts.txt"), verdicts().stream().map(Verdict::toString).toList());
		plot(directory, "heap", "Heap after a full collection, MiB", ofNodes("heap "));
		plot(directory, "resident", "Resident memory, MiB", ofNodes("resident "));
		plot(directory, "threads", "Threads", ofNodes("threads "));
		plot(directory, "descriptors", "Open file descriptors", ofNodes("descriptors "));
		plot(directory, "connections", "Connections to the database", Map.of("connections " + STEADY, STEADY,
				"connections " + RESTARTED, RESTARTED, "sessions", "all sessions"));
		plot(directory, "job-table", "Table of jobs, MiB", Map.of("table job", "table", "indexes job", "indexes"));
		plot(directory, "history-table", "History, MiB",
				Map.of("table history", "tables", "indexes history", "indexes"));
		plot(directory, "small-tables", "Other tables, MiB",
				Map.of("table key", "keys", "table worker", "workers", "table failure", "failures", "table dead_letter",
						"dead letters", "table expiring_key", "expiring keys"));
		plot(directory, "dead-rows", "Dead rows of the table of jobs", Map.of("dead rows job", "dead rows"));
		plot(directory, "jobs", "Jobs done in a second", Map.of("jobs done", "jobs/s"));
		plot(directory, "oldest", "Age of the oldest ready job, s", Map.of("oldest ready job", "seconds"));
		plot(directory, "wal", "WAL since the beginning, MiB", Map.of("WAL", "MiB"));
		plot(directory, "cpu", "CPU, percent of a core", ofNodes("CPU "));
	}

	private static Map<String, String> ofNodes(String figure) {
		return Map.of(figure + STEADY, STEADY, figure + RESTARTED, RESTARTED);
	}

	private void plot(Path directory, String name, String title, Map<String, String> figures) throws IOException {
		Stream<Curve> curves = figures.keySet()
			.stream()
			.sorted()
			.map((figure) -> new Curve(figures.get(figure), this.measurements.curve(figure).points()));
		new LinePlot(title, curves.toList()).write(directory.resolve(name + ".svg"));
	}

}
