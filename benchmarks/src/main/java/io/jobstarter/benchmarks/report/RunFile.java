package io.jobstarter.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/**
 * A run in a JSON file. What is finished is there at once, so that a run that was
 * interrupted goes on where it stopped.
 */
public final class RunFile {

	private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

	private final Path file;

	private Run run;

	/**
	 * Opens a file that may be there from an earlier start.
	 * @param file the file
	 * @param plan the plan; a file of another plan is begun anew
	 */
	public RunFile(Path file, String plan) {
		this.file = file;
		Run found = read();
		this.run = found.plan().equals(plan) ? found : new Run(plan, Map.of(), List.of());
	}

	private Run read() {
		try {
			return Files.exists(this.file) ? this.json.readValue(this.file.toFile(), Run.class)
					: new Run("", Map.of(), List.of());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Everything so far.
	 * @return the run
	 */
	public Run run() {
		return this.run;
	}

	/**
	 * Tells whether something was measured before.
	 * @param round the round
	 * @param suite the suite
	 * @param engine the engine
	 * @return whether it was
	 */
	public boolean has(int round, String suite, String engine) {
		return this.run.units().stream().anyMatch((unit) -> unit.is(round, suite, engine));
	}

	/**
	 * Keeps what was measured.
	 * @param unit what was measured
	 */
	public void add(Unit unit) {
		List<Unit> units = new ArrayList<>(this.run.units());
		units.add(unit);
		write(new Run(this.run.plan(), this.run.facts(), units));
	}

	/**
	 * Keeps what the report says of machine and server. What was kept before and reads
	 * otherwise now is kept beside it, since rounds were measured under both.
	 * @param facts names and values
	 */
	public void facts(Map<String, String> facts) {
		Map<String, String> all = new LinkedHashMap<>(facts);
		this.run.facts()
			.forEach((name, before) -> all.merge(name, before,
					(now, then) -> then.contains(now) ? then : then + "; " + now));
		write(new Run(this.run.plan(), all, this.run.units()));
	}

	private void write(Run next) {
		try {
			Files.createDirectories(this.file.toAbsolutePath().getParent());
			Path part = this.file.resolveSibling(this.file.getFileName() + ".part");
			this.json.writeValue(part.toFile(), next);
			Files.move(part, this.file, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.run = next;
	}

}
