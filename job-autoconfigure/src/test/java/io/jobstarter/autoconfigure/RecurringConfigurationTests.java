package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.jobstarter.Audit;
import io.jobstarter.BackgroundJob;
import io.jobstarter.InvalidJobException;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.InvalidScheduleException;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.Misfire;
import io.jobstarter.Overlap;
import io.jobstarter.Recurring;
import io.jobstarter.RecurringEvent;
import io.jobstarter.RecurringFire;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringJobs;
import io.jobstarter.RecurringNotFoundException;
import io.jobstarter.RecurringRequest;
import io.jobstarter.RecurringSource;
import io.jobstarter.UnknownJobException;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of recurring jobs in an application: by annotation, by configuration, at run
 * time.
 */
@ExtendWith(OutputCaptureExtension.class)
class RecurringConfigurationTests {

	private final ApplicationContextRunner application = Contexts.complete()
		.withUserConfiguration(Reports.class, SendMail.class)
		.withPropertyValues("report.every=1s", "spring.main.banner-mode=off");

	@Test
	void declaresWhatAnnotationsAndConfigurationSayAndLetsItFire() {
		this.application
			.withPropertyValues("background-jobs.recurring.mail-eu.every=36h",
					"background-jobs.recurring.mail-eu.job=mail",
					"background-jobs.recurring.mail-eu.payload={\"to\":\"eu\"}",
					"background-jobs.recurring.mail-eu.queue=mailers", "background-jobs.recurring.mail-eu.priority=7",
					"background-jobs.recurring.mail-eu.description=To all of Europe",
					"background-jobs.recurring.mail-eu.misfire=all",
					"background-jobs.recurring.mail-eu.overlap=cancel-running",
					"background-jobs.recurring.mail-eu.jitter=5m", "background-jobs.recurring.mail-eu.catch-up=2d",
					"background-jobs.recurring.mail.cron=0 4 * * *",
					"background-jobs.recurring.mail.zone=Europe/Berlin", "background-jobs.recurring.old.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(RecurringDeclarations.class).all().switchedOff()).containsExactly("old");
				RecurringJobs jobs = context.getBean(RecurringJobs.class);
				Reports reports = context.getBean(Reports.class);
				await().until(() -> reports.fires.size() >= 2);
				assertThat(reports.fires.values()).containsOnly("tick");
				assertThat(jobs.list(null, 10)).extracting(RecurringJob::id)
					.containsExactly("build-report", "mail", "mail-eu", "tick");
				RecurringJob tick = jobs.find("tick").orElseThrow();
				assertThat(tick.source()).isEqualTo(RecurringSource.CODE);
				assertThat(tick.definition().overlap()).isEqualTo(Overlap.SKIP);
				assertThat(tick.definition().schedule()).isEqualTo("every 1 seconds");
				assertThat(tick.declaredAt()).isNotNull();
				RecurringJob mail = jobs.find("mail-eu").orElseThrow();
				assertThat(mail.source()).isEqualTo(RecurringSource.CONFIGURATION);
				assertThat(mail.definition()).satisfies((definition) -> {
					assertThat(definition.schedule()).isEqualTo("every 36 hours");
					assertThat(definition.payload()).isEqualTo("{\"to\":\"eu\"}");
					assertThat(definition.queue()).isEqualTo("mailers");
					assertThat(definition.priority()).isEqualTo(7);
					assertThat(definition.description()).isEqualTo("To all of Europe");
					assertThat(definition.misfire()).isEqualTo(Misfire.ALL);
					assertThat(definition.overlap()).isEqualTo(Overlap.CANCEL_RUNNING);
					assertThat(definition.jitter()).isEqualTo(Duration.ofMinutes(5));
					assertThat(definition.catchUp()).isEqualTo(Duration.ofDays(2));
				});
				assertThat(jobs.find("mail").orElseThrow().definition()).satisfies((definition) -> {
					assertThat(definition.schedule()).isEqualTo("0 4 * * *");
					assertThat(definition.zone()).isEqualTo("Europe/Berlin");
					assertThat(definition.queue()).isEqualTo("default");
				});
				countsWhatWasMissed(context.getBean(MeterRegistry.class), context::publishEvent);
			});
	}

	private void countsWhatWasMissed(MeterRegistry registry, Consumer<Object> publish) {
		assertThat(missed(registry, "mail")).isZero();
		publish.accept(new RecurringEvent.Missed("mail", 3));
		publish.accept(new RecurringEvent.Missed("made-at-run-time", 2));
		assertThat(missed(registry, "mail")).isEqualTo(3);
		assertThat(missed(registry, "made-at-run-time")).isEqualTo(2);
	}

	private static double missed(MeterRegistry registry, String id) {
		return registry.get("background.jobs.recurring.missed").tag("recurring", id).counter().count();
	}

	@Test
	void isMadeChangedPausedRunAndRemovedAtRunTime() {
		this.application.run((context) -> {
			RecurringJobs jobs = context.getBean(RecurringJobs.class);
			RecurringJob made = jobs
				.put(RecurringRequest.of("nightly", "every day at 04:02 in Europe/Berlin", new Mail("all"))
					.misfire(Misfire.SKIP)
					.description("at night"));
			assertThat(made.source()).isEqualTo(RecurringSource.DYNAMIC);
			assertThat(made.definition().jobName()).isEqualTo("mail");
			assertThat(made.definition().payload()).isEqualTo("{\"to\":\"all\"}");
			assertThat(jobs.next("nightly", 3)).hasSize(3).first().isEqualTo(made.nextFireAt());
			RecurringJob changed = jobs.put(RecurringRequest
				.ofJobNamed("nightly", "every day at 04:02 in Europe/Berlin", "mail", "{\"to\":\"some\"}")
				.queue("mailers"));
			assertThat(changed.nextFireAt()).isEqualTo(made.nextFireAt());
			assertThat(changed.definition().queue()).isEqualTo("mailers");
			jobs.pause("nightly", new Audit("alice", "holidays"));
			assertThat(jobs.find("nightly").orElseThrow().isActive()).isFalse();
			JobId job = jobs.runNow("nightly");
			assertThat(context.getBean(JobOperations.class).find(job)).isPresent();
			assertThat(jobs.resume("nightly")).isTrue();
			assertThat(jobs.resume("nightly")).isFalse();
			assertThat(jobs.remove("nightly")).isTrue();
			assertThat(jobs.remove("nightly")).isFalse();
			refusesWhatCannotBe(jobs);
		});
	}

	private static void refusesWhatCannotBe(RecurringJobs jobs) {
		assertThatExceptionOfType(RecurringNotFoundException.class).isThrownBy(() -> jobs.runNow("nightly"));
		assertThatExceptionOfType(RecurringNotFoundException.class).isThrownBy(() -> jobs.pause("nightly", Audit.NONE));
		assertThatExceptionOfType(RecurringNotFoundException.class).isThrownBy(() -> jobs.resume("nightly"));
		assertThatExceptionOfType(RecurringNotFoundException.class).isThrownBy(() -> jobs.next("nightly", 1));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> jobs.put(RecurringRequest.of("tick", "every day", new Mail("all"))))
			.withMessageContaining("declared by code or configuration");
		await().until(() -> jobs.find("tick").isPresent());
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> jobs.remove("tick"))
			.withMessageContaining("declared by code or configuration");
		assertThatExceptionOfType(InvalidScheduleException.class)
			.isThrownBy(() -> jobs.put(RecurringRequest.of("a", "at full moon", new Mail("all"))));
		assertThatExceptionOfType(UnknownJobException.class)
			.isThrownBy(() -> jobs.put(RecurringRequest.ofJobNamed("a", "every day", "mial", "{}")))
			.withMessageContaining("did you mean 'mail'?");
		assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> jobs.put(RecurringRequest.ofJobNamed("a", "every day", "mail", "[")));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> jobs.put(RecurringRequest.of("no id", "every day", new Mail("all"))));
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(
				() -> jobs.put(RecurringRequest.of("a", "every day", new Mail("all")).jitter(Duration.ofDays(2))));
		assertThat(jobs.find("a")).isEmpty();
	}

	@Test
	void saysAtStartWhichOnesCollide(CapturedOutput output) {
		this.application.withPropertyValues("background-jobs.queues.default.concurrency=1",
				"background-jobs.recurring.a.schedule=@daily", "background-jobs.recurring.a.job=mail",
				"background-jobs.recurring.a.payload={\"to\":\"a\"}", "background-jobs.recurring.b.schedule=0 0 * * *",
				"background-jobs.recurring.b.job=mail", "background-jobs.recurring.b.payload={\"to\":\"b\"}")
			.run((context) -> {
				await().until(() -> output.getOut().contains(" meet in "));
				assertThat(context.getBean(RecurringJobs.class).conflicts())
					.anySatisfy((conflict) -> assertThat(conflict.ids()).contains("a", "b"));
			});
	}

	record Mail(String to) {
	}

	@BackgroundJob
	@Recurring(value = "every day at 03:00", id = "mail", payload = "{\"to\":\"all\"}")
	static class SendMail implements JobHandler<Mail> {

		@Override
		public void handle(Mail mail, JobAttempt attempt) {
			// What it is sent by does not matter here.
		}

	}

	static class Reports {

		final Map<Instant, String> fires = new ConcurrentHashMap<>();

		@BackgroundJob
		@Recurring(id = "tick", every = "${report.every}", overlap = Overlap.SKIP)
		@Recurring("every weekday at 9am in Europe/Berlin")
		@Recurring(id = "old", cron = "* * * * *")
		void buildReport(JobAttempt attempt) {
			RecurringFire fire = attempt.recurringFire();
			if (fire != null && fire.id().equals("tick")) {
				this.fires.put(fire.at(), fire.id());
			}
		}

	}

}
