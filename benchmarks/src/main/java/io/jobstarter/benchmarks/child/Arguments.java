package io.jobstarter.benchmarks.child;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A command with what it needs.
 *
 * @param values a JSON object
 */
record Arguments(JsonNode values) {

	String command() {
		return text("command");
	}

	String text(String name) {
		return this.values.required(name).asText();
	}

	int number(String name) {
		return this.values.required(name).asInt();
	}

	boolean flag(String name) {
		return this.values.required(name).asBoolean();
	}

}
