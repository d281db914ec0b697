package io.jobstarter.rehearsal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.rehearsal.Monitoring.Query;
import io.jobstarter.testdatabases.InstalledServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what is delivered for monitoring against the sample under load and a real
 * Prometheus: rules, dashboard, and a rehearsal that takes seconds.
 */
@EnabledIf("isInstalled")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringTests {

	// Two scrapes are the least that a rate needs.
	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final int FACTOR = 14_400;

	/**
	 * Panels that have no data while everything is well, or on a database other than
	 * PostgreSQL; and that of enqueues, which nothing measures yet.
	 */
	private static final Set<String> MAY_BE_EMPTY = Set.of("Failures by job and error", "Size of the tables",
			"Dead rows", "Snapshot that holds back vacuum, and history");

	private static AlertRehearsal rehearsal;

	static boolean isInstalled() {
		return InstalledServers.have("prometheus", "prometheus", "promtool");
	}

	@BeforeAll
	static void start() {
		String rules = new ScaledRules(FACTOR, INTERVAL.multipliedBy(4), 3).scale(Monitoring.rules());
		rehearsal = new AlertRehearsal(Rehearsal.ownDatabase(), 10, InstalledServers.find("prometheus").orElseThrow(),
				Path.of("target"), INTERVAL, rules);
		rehearsal.settle();
	}

	@AfterAll
	static void stop() {
		rehearsal.close();
	}

	@Test
	@Order(1)
	void everyQueryOfTheDashboardHasData() {
		for (Query query : Monitoring.queries()) {
			if (!MAY_BE_EMPTY.contains(query.panel())) {
				await().atMost(Duration.ofSeconds(60))
					.untilAsserted(
							() -> assertThat(numbers(query.resolved())).as("%s: %s", query.panel(), query.resolved())
								.isNotEmpty());
			}
			else {
				assertThat(rehearsal.prometheus().query(query.resolved())).isNotNull();
			}
		}
	}

	@Test
	@Order(2)
	void everyVariableOfTheDashboardHasValues() {
		Monitoring.dashboard().path("templating").path("list").forEach((variable) -> {
			String definition = variable.path("definition").asText();
			if (!definition.isEmpty()) {
				String series = definition.replaceAll("label_values\\((.*), (\\w+)\\)", "count by ($2) ($1)");
				List<JsonNode> values = rehearsal.prometheus().query(new Query("", series).resolved());
				assertThat(values).as(definition).isNotEmpty();
				String label = variable.path("name").asText();
				assertThat(values).as(definition).allMatch((value) -> value.path("metric").has(label));
			}
		});
		Monitoring.dashboard().path("annotations").path("list").forEach((annotation) -> {
			String expression = new Query("", annotation.path("expr").asText()).resolved();
			assertThat(rehearsal.prometheus().query(expression)).isNotNull();
		});
	}

	@Test
	@Order(3)
	void everyRuleIsEvaluated() {
		await().untilAsserted(() -> assertThat(rehearsal.prometheus().rules()).hasSizeGreaterThan(20)
			.allSatisfy((rule) -> assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok")));
	}

	@Test
	@Order(4)
	void alertsFireInAnOutageAndClearAfterIt() {
		// On a busy machine it may be late before.
		rehearsal.awaitSilence(Duration.ofMinutes(2));
		assertThat(rehearsal.prometheus().firing()).isEmpty();
		rehearsal.sample().breakDown();
		Map<String, Duration> fired = rehearsal.await(AlertRehearsal.EXPECTED::contains, Duration.ofMinutes(2));
		assertThat(fired).containsKeys(AlertRehearsal.EXPECTED.toArray(String[]::new));
		assertThat(rehearsal.prometheus().rules()).allSatisfy((rule) -> rule.path("alerts")
			.forEach((alert) -> assertThat(alert.path("annotations").toString()).doesNotContain("error expanding")));
		rehearsal.sample().mend();
		rehearsal.awaitSilence(Duration.ofMinutes(2));
		assertThat(rehearsal.prometheus().firing()).isEmpty();
	}

	// Other than NaN, which is what gauges say that know nothing.
	private static List<String> numbers(String expression) {
		return rehearsal.prometheus()
			.query(expression)
			.stream()
			.map((series) -> series.path("value").path(1).asText())
			.filter((value) -> !value.equals("NaN"))
			.toList();
	}

}
