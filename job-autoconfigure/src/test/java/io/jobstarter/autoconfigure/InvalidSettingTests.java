package io.jobstarter.autoconfigure;

import java.util.stream.Stream;

import io.jobstarter.UnknownJobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests of the bounds of every setting, from both sides. What people get wrong, and what
 * they are told then, is in {@link StartMistakes}.
 */
class InvalidSettingTests {

	private static final String IN_RANGE = "Choose a value in that range";

	private final ApplicationContextRunner application = Contexts.onH2().withUserConfiguration(Greetings.class);

	static Stream<Arguments> outOfBounds() {
		return Stream.of(arguments("worker.lease", "499ms", "between 500ms and 1d", IN_RANGE),
				arguments("worker.lease", "-1s", "between 500ms and 1d", IN_RANGE),
				arguments("worker.lease", "25h", "between 500ms and 1d", IN_RANGE),
				arguments("worker.lease", "999ms", "at least five heartbeats (1s)",
						"Raise background-jobs.worker.lease or lower background-jobs.worker.heartbeat"),
				arguments("worker.heartbeat", "99ms", "between 100ms and 1h", IN_RANGE),
				arguments("worker.heartbeat", "61m", "between 100ms and 1h", IN_RANGE),
				arguments("worker.poll-interval", "9ms", "between 10ms and 1h", IN_RANGE),
				arguments("worker.poll-interval", "0", "between 10ms and 1h", IN_RANGE),
				arguments("worker.poll-interval", "2h", "between 10ms and 1h", IN_RANGE),
				arguments("worker.shutdown-timeout", "-1ms", "between 0s and 1h", IN_RANGE),
				arguments("worker.shutdown-timeout", "2h", "between 0s and 1h", IN_RANGE),
				arguments("worker.shutdown-timeout", "26s",
						"end 5s before spring.lifecycle.timeout-per-shutdown-phase (30s)",
						"raise spring.lifecycle.timeout-per-shutdown-phase"),
				arguments("worker.concurrency", "0", "between 1 and 10000", IN_RANGE),
				arguments("worker.concurrency", "10001", "between 1 and 10000", IN_RANGE),
				arguments("worker.listen-url", "jdbc:mysql://db/app", "start with jdbc:postgresql:",
						"Name a direct connection"),
				arguments("queues.mail.concurrency", "0", "between 1 and 10000", IN_RANGE),
				arguments("queues.mail.concurrency", "10001", "between 1 and 10000", IN_RANGE),
				arguments("queues.mail.weight", "0", "between 1 and 1000", IN_RANGE),
				arguments("queues.mail.weight", "1001", "between 1 and 1000", IN_RANGE),
				arguments("queues.mail.rate-limit.permits", "0", "between 1 and 1000000", IN_RANGE),
				arguments("queues.mail.rate-limit.permits", "1000001", "between 1 and 1000000", IN_RANGE),
				arguments("queues.mail.rate-limit.per", "99ms", "between 100ms and 31d", IN_RANGE),
				arguments("queues.mail.rate-limit.per", "32d", "between 100ms and 31d", IN_RANGE),
				arguments("queues.mail.max-depth", "0", "between 1 and 2147483647", IN_RANGE),
				arguments("queues[not a queue].weight", "1", "letters, digits, dots, dashes and underscores",
						"Choose another name"),
				arguments("jobs.greet.queue", "#{payload.name(}", "cannot be parsed", "Correct the expression"),
				arguments("jobs.greet.queue", "#{T(java.lang.System).getenv('X')}",
						"may read properties of the payload", "Correct the expression"),
				arguments("defaults.queue", "not a queue", "letters, digits, dots, dashes and underscores",
						"Choose another name"),
				arguments("defaults.timeout", "0s", "between 1ms and 365d", IN_RANGE),
				arguments("defaults.timeout", "366d", "between 1ms and 365d", IN_RANGE),
				arguments("defaults.max-payload", "99B", "between 100B and 16MB", IN_RANGE),
				arguments("defaults.max-payload", "17MB", "between 100B and 16MB", IN_RANGE),
				arguments("defaults.warn-after", "0s", "between 1s and 365d", IN_RANGE),
				arguments("defaults.warn-after", "366d", "between 1s and 365d", IN_RANGE),
				arguments("jobs.greet.queue", "no,queue", "letters, digits, dots, dashes and underscores",
						"Choose another name"),
				arguments("jobs.greet.priority", "32768", "between -32768 and 32767", IN_RANGE),
				arguments("jobs.greet.priority", "-32769", "between -32768 and 32767", IN_RANGE),
				arguments("jobs.greet.timeout", "-1s", "between 1ms and 365d", IN_RANGE),
				arguments("context.mdc-keys", "requestId,x" + "x".repeat(80), "a key has 1 to 80 characters",
						"Name keys that the application puts into the MDC"),
				arguments("sensitive-names", "iban,--", "at least 2 letters or digits", "such as 'iban'"),
				arguments("context.mdc-keys", "key" + ",key".repeat(40), "at most 40",
						"Name only what the logs of jobs need"),
				arguments("history.retention", "59s", "between 1m and 3650d", IN_RANGE),
				arguments("history.retention", "3651d", "between 1m and 3650d", IN_RANGE),
				arguments("dead-letters.retention", "0s", "between 1m and 36500d", IN_RANGE),
				arguments("dead-letters.retention", "36501d", "between 1m and 36500d", IN_RANGE),
				arguments("schema.table-prefix", "Jobs-", "match [a-z_][a-z0-9_]{0,40}", "lower-case letters"),
				arguments("schema.table-prefix", "x; drop table users; --", "match [a-z_][a-z0-9_]{0,40}",
						"lower-case letters"),
				arguments("schema.table-prefix", "", "match [a-z_][a-z0-9_]{0,40}", "lower-case letters"));
	}

	@ParameterizedTest(name = "{0}={1}")
	@MethodSource("outOfBounds")
	void namesTheKeyItsRangeAndTheRemedy(String key, String value, String range, String remedy) {
		FailureAnalysis analysis = StartFailures
			.analysisOf(this.application.withPropertyValues("background-jobs." + key + "=" + value));
		String named = key.startsWith("queues[") ? "background-jobs.queues.not a queue" : "background-jobs." + key;
		assertThat(analysis.getDescription()).startsWith(named + " is ").contains(range);
		assertThat(analysis.getAction()).contains(remedy);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', textBlock = """
			queues[a*b].weight         | a*b                | or the beginning of names | put one asterisk at its end
			queues[*mail].weight       | *mail              | or the beginning of names | as in '[mail*]' and '[*]'
			queues[mail**].concurrency | mail**             | or the beginning of names | put one asterisk at its end
			queues[mail*].concurrency  | mail*.concurrency  | between 1 and 10000       | Choose a value in that range
			queues.mail*.concurrency   | mail*              | needs them                | Write it as "[mail*]"
			queues.*.weight            | *                  | needs them                | Write it as "[*]"
			""")
	void namesTheWildcardThatCannotBe(String key, String named, String range, String remedy) {
		FailureAnalysis analysis = StartFailures
			.analysisOf(this.application.withPropertyValues("background-jobs." + key + "=0"));
		assertThat(analysis.getDescription()).startsWith("background-jobs.queues." + named + " is ").contains(range);
		assertThat(analysis.getAction()).contains(remedy);
	}

	@ParameterizedTest(name = "{0}={1}")
	@CsvSource({ "worker.lease, 1d", "worker.heartbeat, 1s", "worker.poll-interval, 10ms",
			"worker.shutdown-timeout, 0s", "worker.shutdown-timeout, 25s", "worker.concurrency, 1",
			"queues[Mail.v2_a-b].concurrency, 1", "queues[mail*].weight, 3", "queues[*].concurrency, 1",
			"jobs.greet.queue, greet-#{payload.name()}", "queues.mail.weight, 1000", "defaults.timeout, 1ms",
			"defaults.max-payload, 16MB", "defaults.warn-after, 1s", "jobs.greet.priority, -32768",
			"history.retention, 1m", "dead-letters.retention, 36500d", "schema.table-prefix, _" })
	void takesWhatIsJustInBounds(String key, String value) {
		this.application.withPropertyValues("background-jobs." + key + "=" + value, "background-jobs.worker.lease=5m")
			.withPropertyValues("background-jobs." + key + "=" + value)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void doesNotAskANodeThatRunsNothingToStopInTime() {
		this.application
			.withPropertyValues("background-jobs.worker.enabled=false", "background-jobs.worker.shutdown-timeout=1m")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void fitsTheShutdownIntoThePhaseThatTheApplicationHasChosen() {
		FailureAnalysis analysis = StartFailures
			.analysisOf(this.application.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=5500ms"));
		assertThat(analysis.getDescription()).contains("background-jobs.worker.shutdown-timeout is 1s")
			.contains("(5500ms)");
	}

	@Test
	void leavesOtherSettingsThatCannotBeReadToBoot() {
		FailureAnalysis analysis = StartFailures
			.analysisOf(this.application.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=soon"));
		assertThat(analysis.getDescription())
			.startsWith("Failed to bind properties under 'spring.lifecycle.timeout-per-shutdown-phase'")
			.contains("Value: \"soon\"");
	}

	@Test
	void leavesFailuresOfTheApplicationsOwnToTheirStackTraces() {
		assertThat(new BackgroundJobFailureAnalyzer()
			.analyze(new IllegalStateException(new UnknownJobException("No such job")))).isNull();
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void isTheLastThingThatAnApplicationPrints(CapturedOutput output) {
		SpringApplicationBuilder application = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("background-jobs.queues.mailers.concurrency=0",
					"logging.level.org.springframework.boot.diagnostics=error");
		assertThatExceptionOfType(Exception.class).isThrownBy(application::run);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("background-jobs.queues.mailers.concurrency is 0, but it has to be between 1 and 10000.")
			.contains("Choose a value in that range.");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, BackgroundJobAutoConfiguration.class })
	static class Application {

	}

}
