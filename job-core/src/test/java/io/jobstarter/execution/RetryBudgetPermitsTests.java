package io.jobstarter.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.handler.JobDefinition;
import org.junit.jupiter.api.Test;

import static io.jobstarter.execution.TestDefinitions.calling;
import static org.assertj.core.api.Assertions.assertThat;

class RetryBudgetPermitsTests {

	private final JobDefinition definition = calling((payload, attempt) -> {
	});

	private long now;

	private final RetryBudgetPermits permits = new RetryBudgetPermits(0.5, 1, Duration.ofSeconds(10), () -> this.now);

	@Test
	void retriesBeyondTheShareWaitAndKeepTheirAttempts() {
		ask("mailers", 1);
		ask("mailers", 1);
		ask("mailers", 1);
		ask("mailers", 1);
		assertThat(ask("mailers", 2)).isInstanceOf(Permission.Granted.class);
		assertThat(ask("mailers", 9)).isInstanceOf(Permission.Granted.class);
		assertThat(ask("mailers", 2)).isInstanceOfSatisfying(Permission.Refused.class, (refused) -> {
			assertThat(refused.outcome()).isInstanceOf(JobOutcome.Snoozed.class);
			assertThat(refused.reason()).isEqualTo("the queue's budget of retries is used up");
		});
		assertThat(ask("mailers", 1)).as("a first attempt").isInstanceOf(Permission.Granted.class);
	}

	@Test
	void eachQueueHasABudgetOfItsOwn() {
		assertThat(ask("mailers", 2)).isInstanceOf(Permission.Granted.class);
		assertThat(ask("mailers", 2)).isInstanceOf(Permission.Refused.class);
		assertThat(ask("reports", 2)).isInstanceOf(Permission.Granted.class);
	}

	@Test
	void aRetryThatSomebodyElseRefusesIsNotCounted() {
		((Permission.Granted) ask("mailers", 2)).unused();
		assertThat(ask("mailers", 2)).isInstanceOf(Permission.Granted.class);
	}

	private Permission ask(String queue, int number) {
		return this.permits.ask(this.definition, null, new AttemptContext(new AttemptContext.Facts(new JobId(1),
				"greet", queue, number, Instant.EPOCH, Instant.EPOCH, Map.of(), List.of(), "key")));
	}

}
