package io.jobstarter.rehearsal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.jobstarter.testdatabases.InstalledServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the alerting rules, by themselves and by Prometheus' own tool.
 */
class AlertRulesTests {

	private static final List<String> TESTS = List.of("background-jobs.rules.test.yml",
			"background-jobs.rules.days.test.yml");

	static boolean isToolInstalled() {
		return InstalledServers.have("prometheus", "prometheus", "promtool");
	}

	@Test
	@EnabledIf("isToolInstalled")
	void areValid() throws Exception {
		assertThat(promtool("check", "rules", "background-jobs.rules.yml")).contains("SUCCESS");
	}

	@Test
	@EnabledIf("isToolInstalled")
	void passTheirOwnTests() throws Exception {
		List<String> arguments = new ArrayList<>(List.of("test", "rules"));
		arguments.addAll(TESTS);
		assertThat(promtool(arguments.toArray(String[]::new))).contains("SUCCESS").doesNotContain("FAILED");
	}

	@Test
	void eachAlertIsTestedToFireAndNotToFire() {
		Map<String, List<Boolean>> tested = new TreeMap<>();
		for (String file : TESTS) {
			Map<String, Object> tests = new Yaml().load(Monitoring.read(Monitoring.RULES.resolve(file)));
			list(tests, "tests").forEach((test) -> list(test, "promql_expr_test").forEach((expectation) -> {
				String alert = expectation.get("expr").toString().replaceAll(".*alertname=\"(\\w+)\".*", "$1");
				tested.computeIfAbsent(alert, (name) -> new ArrayList<>())
					.add(!list(expectation, "exp_samples").isEmpty());
			}));
		}
		assertThat(tested.keySet()).containsExactlyInAnyOrderElementsOf(alerts().keySet());
		assertThat(tested).allSatisfy((alert, fires) -> assertThat(fires).as(alert).contains(true, false));
	}

	@Test
	void eachAlertSaysHowSevereItIsAndWhatToDo() {
		String documentation = Monitoring.read(Monitoring.DOCUMENTATION);
		assertThat(alerts()).isNotEmpty().allSatisfy((name, alert) -> {
			assertThat(map(alert, "labels").get("severity")).as(name).isIn("critical", "warning");
			Map<String, Object> annotations = map(alert, "annotations");
			assertThat(annotations).as(name).containsOnlyKeys("summary", "description", "runbook");
			assertThat(annotations.get("runbook")).as(name)
				.isEqualTo("docs/monitoring.md#" + name.toLowerCase(Locale.ROOT));
			assertThat(documentation).as("the runbook").contains("\n### " + name + "\n");
		});
	}

	@Test
	void theRehearsalChangesNothingButDurationsAndTheObjective() {
		String scaled = new ScaledRules(60, Duration.ofSeconds(5), 1).scale(Monitoring.rules());
		assertThat(scaled).contains("[60000ms]", "[30000ms:5000ms]", "for: 240000ms", "> bool 1)")
			.doesNotContain("> bool 60");
		assertThat(scaled.replaceAll("\\d+ms|> bool 1", ""))
			.isEqualTo(Monitoring.rules().replaceAll("(?<=\\[|for: |m:)\\d+[smhd](?=[]:\n])|> bool 60", ""));
	}

	private static Map<String, Map<String, Object>> alerts() {
		Map<String, Map<String, Object>> alerts = new TreeMap<>();
		Map<String, Object> rules = new Yaml().load(Monitoring.rules());
		list(rules, "groups").forEach((group) -> list(group, "rules").forEach((rule) -> {
			if (rule.containsKey("alert")) {
				alerts.put(rule.get("alert").toString(), rule);
			}
		}));
		return alerts;
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> list(Map<String, Object> node, String key) {
		return (List<Map<String, Object>>) node.getOrDefault(key, List.of());
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Map<String, Object> node, String key) {
		return (Map<String, Object>) node.getOrDefault(key, Map.of());
	}

	private static String promtool(String... arguments) throws IOException, InterruptedException {
		Path program = InstalledServers.find("promtool").orElseThrow();
		List<String> command = new ArrayList<>(List.of(program.toString()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).directory(Monitoring.RULES.toFile())
			.redirectErrorStream(true)
			.start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		return output;
	}

}
