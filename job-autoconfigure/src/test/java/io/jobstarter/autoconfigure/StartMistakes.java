package io.jobstarter.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The catalogue of what people get wrong. An entry is a test, and a row of
 * {@code docs/start-up-mistakes.md}.
 */
final class StartMistakes {

	private StartMistakes() {
	}

	/**
	 * The whole catalogue.
	 * @return the mistakes, by the heading that they stand under in the documentation
	 */
	static Map<String, List<StartMistake>> bySection() {
		Map<String, List<StartMistake>> sections = new LinkedHashMap<>();
		sections.put("Settings of the worker", SettingMistakes.ofTheWorker());
		sections.put("Settings of queues and jobs", SettingMistakes.ofQueuesAndJobs());
		sections.put("Other settings", SettingMistakes.ofTheRest());
		sections.put("Handlers", HandlerMistakes.inTheirMethods());
		sections.put("Payloads", HandlerMistakes.inTheirPayloads());
		sections.put("What annotations say", HandlerMistakes.inTheirAnnotations());
		sections.put("Retry rules", HandlerMistakes.inTheirRetryRules());
		sections.put("Recurring jobs", RecurringMistakes.all());
		sections.put("Circuit breakers", HandlerMistakes.inTheirCircuitBreakers());
		sections.put("Policies", HandlerMistakes.inTheirPolicies());
		sections.put("The database", DatabaseMistakes.all());
		return sections;
	}

	static Stream<StartMistake> all() {
		return bySection().values().stream().flatMap(List::stream);
	}

}
