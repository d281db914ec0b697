package io.jobstarter.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What is delivered for monitoring.
 */
final class Monitoring {

	private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").normalize();

	static final Path RULES = ROOT.resolve("monitoring/prometheus");

	static final Path DOCUMENTATION = ROOT.resolve("docs/monitoring.md");

	private static final Path DASHBOARD = ROOT.resolve("monitoring/grafana/background-jobs.json");

	private Monitoring() {
	}

	static String rules() {
		return read(RULES.resolve("background-jobs.rules.yml"));
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static JsonNode dashboard() {
		try {
			return new ObjectMapper().readTree(DASHBOARD.toFile());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Lists what the panels of the dashboard ask for.
	 * @return the queries
	 */
	static List<Query> queries() {
		List<Query> queries = new ArrayList<>();
		for (JsonNode panel : dashboard().path("panels")) {
			for (JsonNode target : panel.path("targets")) {
				queries.add(new Query(panel.path("title").asText(), target.path("expr").asText()));
			}
		}
		return queries;
	}

	/**
	 * What a panel asks for.
	 *
	 * @param panel the panel's title
	 * @param expression the expression, with variables
	 */
	record Query(String panel, String expression) {

		/**
		 * Puts values for the variables, as Grafana does.
		 * @return the expression, ready to be evaluated
		 */
		String resolved() {
			return this.expression.replace("$job", PrometheusServer.JOB)
				.replace("$instance", ".*")
				.replace("$queue", ".*")
				.replace("$__rate_interval", "10s");
		}

	}

}
