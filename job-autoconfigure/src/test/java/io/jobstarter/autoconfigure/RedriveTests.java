package io.jobstarter.autoconfigure;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.RedriveRequest;
import io.jobstarter.RedriveState;
import io.jobstarter.autoconfigure.Greetings.Refuse;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Redriving in an application.
 */
class RedriveTests {

	private final ApplicationContextRunner complete = Contexts.complete()
		.withUserConfiguration(Greetings.class)
		.withPropertyValues("background-jobs.defaults.max-payload=1KB");

	private static JobId dead(ApplicationContext context) {
		JobId id = context.getBean(JobClient.class).enqueue(new Refuse("no time")).id();
		JobOperations operations = context.getBean(JobOperations.class);
		await().until(() -> operations.find(id).map((job) -> job.state()).orElse(null), JobState.DEAD::equals);
		return id;
	}

	@Test
	void takesACorrectedPayloadThatItsHandlerCanRead() {
		this.complete.run((context) -> {
			JobId id = dead(context);
			DeadLetterRedrives redrives = context.getBean(JobOperations.class).redrives();
			assertRefused(redrives, id, "{\"why\":{}}", "not a readable " + Refuse.class.getName());
			assertRefused(redrives, id, "{\"why\":\"" + "x".repeat(1_024) + "\"}", "max-payload allows (1024)");
			assertRefused(redrives, id, "{\"why\":\"\u0000\"}", "no NUL character");
			JobId job = redrives.redriveCorrected(id, "{\"why\":\"no wish\"}", Audit.NONE);
			JobOperations operations = context.getBean(JobOperations.class);
			await().until(() -> operations.deadLetter(job).isPresent());
			DeadLetter letter = operations.deadLetter(job).orElseThrow();
			assertThat(letter.failure().message()).isEqualTo("no wish");
			assertThat(letter.redriveOf()).isEqualTo(id);
			assertThat(operations.deadLetter(id).orElseThrow().payload()).contains("no time");
		});
	}

	private static void assertRefused(DeadLetterRedrives redrives, JobId id, String payload, String message) {
		assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> redrives.redriveCorrected(id, payload, Audit.NONE))
			.withMessageContaining(message);
	}

	@Test
	void goesOnWithARedriveAtOnce() {
		this.complete.run((context) -> {
			JobId id = dead(context);
			JobOperations operations = context.getBean(JobOperations.class);
			long redrive = operations.redrives()
				.start(RedriveRequest.of(DeadLetterFilter.OPEN).withoutCanary(), Audit.because("try"));
			await().until(() -> operations.redrives().find(redrive).map((found) -> found.state()).orElse(null),
					RedriveState.DONE::equals);
			assertThat(operations.deadLetter(id).orElseThrow().retriedAs()).isNotNull();
		});
	}

}
