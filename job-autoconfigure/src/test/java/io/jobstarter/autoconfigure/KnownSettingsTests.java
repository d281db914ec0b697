package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Map;

import io.jobstarter.autoconfigure.DeclaredSettings.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests of which keys stop the start as unknown, and which do not.
 */
class KnownSettingsTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	static List<Setting> settings() {
		return DeclaredSettings.all();
	}

	@ParameterizedTest
	@MethodSource("settings")
	void knowsEveryKeyThatIsDeclared(Setting setting) {
		ConfigurationPropertyName key = ConfigurationPropertyName.of(setting.key().replace("<name>", "mailers"));
		assertThat(KnownSettings.remedyIfUnknown(key))
			.as("a group that is not part of BackgroundJobProperties is added to KnownSettings.ELSEWHERE")
			.isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "background-jobs.worker.poll-interval", "backgroundJobs.worker.pollInterval",
			"background_jobs.worker.poll_interval", "BACKGROUND-JOBS.WORKER.POLLINTERVAL",
			"background-jobs.queues.mailers.concurrency", "background-jobs.queues[eu.mailers].concurrency",
			"background-jobs.queues.[eu.mailers].weight", "background-jobs.jobs.send-mail.deadLetter",
			"background-jobs.actuator.roles", "background-jobs.actuator.roles[1]", "background-jobsworker.leese",
			"jobs.background-jobs.leese" })
	void takesAKeyInEveryWayToWriteIt(String key) {
		set(key, "1s");
		assertThatNoException().isThrownBy(() -> UnknownSettings.check(this.environment));
	}

	@ParameterizedTest
	@CsvSource({ "background-jobs.worker.pollIntervall, background-jobs.worker.poll-interval",
			"background-jobs.wroker.lease, background-jobs.worker",
			"background-jobs.jobs.send-mail.qeue, background-jobs.jobs.send-mail.queue",
			"background-jobs.deadLetter.retention, background-jobs.dead-letters",
			"background-jobs.table-prefix, background-jobs.schema.table-prefix",
			"background-jobs.weight, background-jobs.queues.<name>.weight" })
	void tellsTheKeyThatWasMeant(String key, String meant) {
		set(key, "1s");
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> UnknownSettings.check(this.environment))
			.satisfies((ex) -> assertThat(ex.remedy()).contains("Did you mean " + meant + "?"));
	}

	@Test
	void refusesAKeyBelowASingleValue() {
		set("background-jobs.worker.lease.seconds", "30");
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> UnknownSettings.check(this.environment))
			.satisfies((ex) -> assertThat(ex.key()).isEqualTo("background-jobs.worker.lease.seconds"))
			.satisfies((ex) -> assertThat(ex.remedy()).contains("background-jobs.worker.lease is a single value."));
	}

	@Test
	void refusesAValueForAGroupBesideItsKeys() {
		set("background-jobs.worker", "fast");
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> UnknownSettings.check(this.environment))
			.withMessage("background-jobs.worker is 'fast', but it has to be a group of keys")
			.satisfies((ex) -> assertThat(ex.remedy()).startsWith("Set its keys, which are enabled, lease, "));
	}

	@Test
	void takesAGroupWithoutKeysAsYamlGivesIt() {
		set("background-jobs.worker", "");
		assertThatNoException().isThrownBy(() -> UnknownSettings.check(this.environment));
	}

	@Test
	void namesFileAndLine() throws Exception {
		ByteArrayResource file = new ByteArrayResource("""
				background-jobs:
				  queues:
				  worker:
				    leese: 30s
				""".getBytes(), "application.yml");
		new YamlPropertySourceLoader().load("file", file).forEach(this.environment.getPropertySources()::addLast);
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> UnknownSettings.check(this.environment))
			.withMessageContaining("background-jobs.worker.leese is set (")
			.withMessageContaining("application.yml")
			.withMessageContaining("4:12");
	}

	@Test
	void takesWhatKubernetesWritesIntoTheEnvironmentOfAContainer() {
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", Map.of("BACKGROUND_JOBS_WORKER_PORT",
					"tcp://10.0.0.1:80", "BACKGROUNDJOBS_SERVICE_HOST", "10.0.0.1")));
		assertThatNoException().isThrownBy(() -> UnknownSettings.check(this.environment));
	}

	@Test
	void looksAtNothingWhereThereAreNoBackgroundJobs() {
		ApplicationContextRunner application = Contexts.onH2();
		application.withPropertyValues("background-jobs.enabled=false", "background-jobs.worker.leese=30s")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private void set(String key, String value) {
		this.environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(key, value)));
	}

}
