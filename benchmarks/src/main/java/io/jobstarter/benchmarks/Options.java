package io.jobstarter.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.suite.Suite;

/**
 * What is asked for on the command line.
 */
final class Options {

	private final Plan plan;

	private final Map<String, String> values = new HashMap<>();

	Options(List<String> arguments) {
		this.plan = Plan.named(arguments.isEmpty() ? "quick" : arguments.get(0));
		arguments.stream().skip(1).filter((argument) -> !argument.isBlank()).forEach((argument) -> {
			String[] parts = argument.split("=", 2);
			if (parts.length < 2 || !parts[0].startsWith("--")) {
				throw new IllegalArgumentException("Not --name=value: " + argument);
			}
			this.values.put(parts[0].substring(2), parts[1]);
		});
	}

	Plan plan() {
		return this.plan;
	}

	int rounds() {
		return Integer.parseInt(value("rounds", String.valueOf(this.plan.rounds())));
	}

	Path output() {
		return Path.of(value("output", "target/benchmark-" + this.plan.name()));
	}

	String value(String name, String otherwise) {
		return this.values.getOrDefault(name, otherwise);
	}

	List<EngineKind> engines() {
		String chosen = value("engines", "");
		return Arrays.stream(EngineKind.values()).filter((kind) -> isChosen(chosen, kind.title())).toList();
	}

	List<Suite> suites(List<Suite> all) {
		String chosen = value("suites", "");
		return all.stream().filter((suite) -> isChosen(chosen, suite.name())).toList();
	}

	private static boolean isChosen(String chosen, String name) {
		return chosen.isEmpty() || List.of(chosen.split(",")).contains(name);
	}

}
