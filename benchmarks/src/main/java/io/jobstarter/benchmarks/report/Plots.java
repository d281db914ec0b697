package io.jobstarter.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Medians as pictures.
 */
final class Plots {

	private static final int WIDTH = 1_000;

	private static final int HEIGHT = 500;

	private final Summary summary;

	private final Path directory;

	private final List<Path> files = new ArrayList<>();

	Plots(Summary summary, Path directory) {
		this.summary = summary;
		this.directory = directory;
	}

	/**
	 * Draws what was measured.
	 * @return the files
	 * @throws IOException if they cannot be written
	 */
	List<Path> draw() throws IOException {
		Files.createDirectories(this.directory);
		bars("throughput", "Jobs a second", List.of("drain", "bulk enqueue", "sustained mixed load"), "jobs/s");
		bars("single-enqueue", "Single enqueues a second", scenarios("single enqueue"), "jobs/s");
		bars("server-cpu", "CPU of PostgreSQL for a job, µs",
				List.of("drain", "bulk enqueue", "single enqueue, 4 threads", "sustained mixed load"),
				"PostgreSQL µs/job");
		bars("wait-p50", "Wait from enqueue to start, median, ms", scenarios("latency"), "wait p50 ms");
		bars("wait-p99", "Wait from enqueue to start, p99, ms", scenarios("latency"), "wait p99 ms");
		bars("backlog", "CPU of PostgreSQL for a job with a backlog, µs", scenarios("backlog"), "PostgreSQL µs/job");
		lines("snapshot-completed", "Completed a second while an old snapshot is held", "old snapshot, completed/s");
		lines("snapshot-cpu", "CPU of PostgreSQL for a job while an old snapshot is held, µs",
				"old snapshot, PostgreSQL µs/job");
		return this.files;
	}

	private List<String> scenarios(String beginning) {
		return this.summary.scenarios().stream().filter((scenario) -> scenario.startsWith(beginning)).toList();
	}

	private void bars(String name, String title, List<String> wanted, String measure) throws IOException {
		List<String> scenarios = wanted.stream().filter(this.summary.scenarios()::contains).toList();
		if (scenarios.isEmpty()) {
			return;
		}
		CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
		chart.getStyler().setYAxisLogarithmic(true);
		List<String> engines = scenarios.stream()
			.flatMap((scenario) -> this.summary.engines(scenario).stream())
			.distinct()
			.toList();
		// Nothing has a logarithm: what is missing or zero stays at the foot.
		double foot = engines.stream()
			.flatMap((engine) -> medians(engine, scenarios, measure, 0).stream())
			.mapToDouble(Double::doubleValue)
			.filter((value) -> value > 0)
			.min()
			.orElse(1) / 2;
		// Otherwise bars begin at zero.
		chart.getStyler().setYAxisMin(foot);
		engines.forEach((engine) -> chart.addSeries(engine, scenarios, medians(engine, scenarios, measure, foot)));
		save(chart, name);
	}

	private List<Double> medians(String engine, List<String> scenarios, String measure, double foot) {
		return scenarios.stream()
			.map((scenario) -> Math.max(this.summary.values(engine, scenario, measure).median().orElse(0), foot))
			.toList();
	}

	private void lines(String name, String title, String scenario) throws IOException {
		List<String> times = this.summary.measures(scenario);
		if (times.isEmpty()) {
			return;
		}
		XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle("seconds").build();
		chart.getStyler().setYAxisLogarithmic(true);
		double[] seconds = times.stream().mapToDouble((time) -> Double.parseDouble(time.split(" ")[0])).toArray();
		for (String engine : this.summary.engines(scenario)) {
			// A logarithm of nothing there is not.
			double[] values = times.stream()
				.mapToDouble((time) -> Math.max(this.summary.values(engine, scenario, time).median().orElse(0), 0.1))
				.toArray();
			chart.addSeries(engine, seconds, values);
		}
		save(chart, name);
	}

	private void save(Chart<?, ?> chart, String name) throws IOException {
		Path file = this.directory.resolve(name + ".png");
		BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
		this.files.add(file);
	}

}
