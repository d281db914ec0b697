package io.jobstarter.autoconfigure;

import java.time.Duration;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Enqueued;
import io.jobstarter.JobClient;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOperations;
import io.jobstarter.RecurringJobs;
import io.jobstarter.RecurringRequest;
import io.jobstarter.Unique;
import io.jobstarter.UniqueConflict;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that uniqueness as it is declared and configured reaches the jobs.
 */
class UniqueConfigurationTests {

	private final ApplicationContextRunner application = Contexts.onH2()
		.withUserConfiguration(Syncs.class)
		.withPropertyValues("background-jobs.worker.enabled=false", "background-jobs.jobs.sync.unique.within=1h",
				"background-jobs.jobs.report.unique.key=#{payload.number()}");

	@Test
	void annotationAndConfigurationMakeJobsUnique() {
		this.application.run((context) -> {
			JobClient jobs = context.getBean(JobClient.class);
			JobOperations operations = context.getBean(JobOperations.class);
			Enqueued first = jobs.enqueue(new Sync("ada", 1));
			assertThat(jobs.enqueue(new Sync("ada", 2))).isEqualTo(new Enqueued(first.id(), true));
			assertThat(jobs.enqueue(new Sync("bob", 2)).duplicate()).isFalse();
			JobInfo job = operations.find(first.id()).orElseThrow();
			assertThat(job.payload()).isEqualTo("{\"account\":\"ada\",\"number\":2}");
			assertThat(Duration.between(job.enqueuedAt(), job.dueAt())).isBetween(Duration.ofMinutes(59),
					Duration.ofMinutes(61));
			jobs.enqueue(new Report("ada", 1));
			assertThat(jobs.enqueue(new Report("bob", 1)).duplicate()).isTrue();
		});
	}

	@Test
	void aRecurringJobThatIsRunNowJoinsTheOneThatWaits() {
		this.application.run((context) -> {
			Enqueued waiting = context.getBean(JobClient.class).enqueue(new Report("ada", 7));
			RecurringJobs recurring = context.getBean(RecurringJobs.class);
			recurring.put(RecurringRequest.of("weekly", "every day at 04:02", new Report("eve", 7)));
			assertThat(recurring.runNow("weekly")).isEqualTo(waiting.id());
		});
	}

	record Sync(String account, int number) {
	}

	record Report(String account, int number) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Syncs {

		@BackgroundJob
		@Unique(key = "#{payload.account()}", onConflict = UniqueConflict.REPLACE)
		void sync(Sync payload) {
		}

		@BackgroundJob
		void report(Report payload) {
		}

	}

}
