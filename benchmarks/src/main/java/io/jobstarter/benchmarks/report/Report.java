package io.jobstarter.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A run as a page of Markdown with plots beside it.
 */
public final class Report {

	private final Run run;

	private final Summary summary;

	private final Map<String, String> settings;

	/**
	 * Makes a report.
	 * @param run what was measured
	 * @param settings the engines' settings by their names
	 */
	public Report(Run run, Map<String, String> settings) {
		this.run = run;
		this.summary = new Summary(run);
		this.settings = settings;
	}

	/**
	 * The tables alone.
	 * @return text for a terminal
	 */
	public String tables() {
		StringBuilder text = new StringBuilder();
		Tables tables = new Tables(this.summary);
		for (String scenario : this.summary.scenarios()) {
			text.append("\n## ").append(scenario).append("\n\n").append(tables.of(scenario));
		}
		text.append("\n## Targets\n\nRatios of medians.\n\n").append(new Targets(this.summary).table());
		text.append("\n## Remarks\n\n");
		this.summary.remarks().forEach((remark) -> text.append("- ").append(remark).append('\n'));
		return text.toString();
	}

	/**
	 * Writes the page.
	 * @param directory where to
	 * @return the file
	 */
	public Path write(Path directory) {
		StringBuilder text = new StringBuilder("# Job Starter beside its peers: " + this.run.plan() + "\n\n");
		text.append(
				"Medians of all rounds, with minimum and maximum. Rates are of jobs; CPU and WAL are for a job.\n\n");
		this.run.facts()
			.forEach((name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
		text.append("\n## Settings\n\n");
		this.settings
			.forEach((name, value) -> text.append("- **").append(name).append("**: ").append(value).append('\n'));
		text.append(tables()).append("\n## Plots\n\n").append(plots(directory));
		try {
			return Files.writeString(directory.resolve("report.md"), text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String plots(Path directory) {
		System.setProperty("java.awt.headless", "true");
		try {
			List<Path> files = new Plots(this.summary, directory.resolve("plots")).draw();
			StringBuilder text = new StringBuilder();
			files.forEach((file) -> text.append("![](plots/").append(file.getFileName()).append(")\n"));
			return text.toString();
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			// A machine without fonts draws nothing; the figures are worth more.
			return "None: " + ex + "\n";
		}
	}

}
