package io.jobstarter.autoconfigure;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.RetryOn;
import io.jobstarter.Sensitive;
import io.jobstarter.worker.JobWorker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what is logged of payloads.
 */
@ExtendWith(OutputCaptureExtension.class)
class JobLogTests {

	private static final String DEAD = "Job 1 (pay, queue default, attempt 1) is dead (EXHAUSTED): "
			+ "java.lang.IllegalStateException: refused by the bank";

	private final ApplicationContextRunner application = Contexts.onH2().withUserConfiguration(Paying.class);

	@Test
	void payloadsAreNotLogged(CapturedOutput output) {
		this.application.run((context) -> {
			payInVain(context);
			assertThat(output).contains(DEAD).doesNotContain("4111").doesNotContain("payload:");
		});
	}

	@Test
	void payloadsAreLoggedMaskedWhereAsked(CapturedOutput output) {
		this.application.withPropertyValues("background-jobs.log.payloads=true").run((context) -> {
			payInVain(context);
			assertThat(output).contains(DEAD + "; payload: {\"amount\":7,\"card\":\"******\"}").doesNotContain("4111");
		});
	}

	private static void payInVain(ApplicationContext context) {
		JobId id = context.getBean(JobClient.class).enqueue(new Pay(7, "4111")).id();
		await().until(() -> context.getBean(JobOperations.class).deadLetter(id).isPresent());
		context.getBean(JobWorker.class).stop();
	}

	record Pay(int amount, @Sensitive String card) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Paying {

		@BackgroundJob
		@RetryOn(value = IllegalStateException.class, maxAttempts = 1)
		void pay(Pay pay) {
			throw new IllegalStateException("refused\nby the bank");
		}

	}

}
