package io.jobstarter.sample;

import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadReason;
import io.jobstarter.JobId;
import io.jobstarter.JobState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a downstream system in trouble does to the jobs that notify it.
 */
@SampleTest
@ContextConfiguration(initializers = OwnH2.class)
class DownstreamTests {

	private static final String JOB = "notify-downstream";

	@Autowired
	private SampleClient client;

	@Autowired
	private SampleJobs jobs;

	@BeforeEach
	@AfterEach
	void behaveAndSettle() {
		behave("ok");
		await().until(() -> this.jobs.unfinished().isEmpty());
	}

	@Test
	void notifiesOnce() {
		JsonNode before = downstream();
		openIssue();
		await().until(() -> this.jobs.unfinished().isEmpty());
		assertThat(accepted()).isEqualTo(before.path("accepted").asLong() + 1);
		assertThat(received()).isEqualTo(before.path("received").asLong() + 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "fail", "busy", "slow" })
	void triesAgainUntilTheDownstreamSystemHasHealed(String trouble) {
		long before = accepted();
		long receivedBefore = received();
		behave(trouble);
		UUID id = openIssue();
		await().until(() -> received() > receivedBefore);
		behave("ok");
		await().until(() -> accepted() == before + 1);
		await().until(() -> this.jobs.unfinished().isEmpty());
		assertThat(this.jobs.deadLetters(id)).isEmpty();
		assertThat(accepted()).isEqualTo(before + 1);
	}

	@Test
	void givesUpAfterFourAttemptsAndCanBeRedriven() {
		long before = accepted();
		long receivedBefore = received();
		behave("fail");
		UUID id = openIssue();
		DeadLetter letter = this.jobs.awaitDeadLetter(id);
		assertThat(letter.reason()).isEqualTo(DeadReason.EXHAUSTED);
		assertThat(letter.attempts()).isEqualTo(4);
		assertThat(received()).isEqualTo(receivedBefore + 4);
		behave("ok");
		JobId redriven = this.jobs.retry(letter);
		await().until(() -> this.jobs.find(redriven).state(), JobState.SUCCEEDED::equals);
		assertThat(accepted()).isEqualTo(before + 1);
		assertThat(this.jobs.deadLetters(id)).isEmpty();
	}

	@Test
	void buriesARefusedNotificationAtOnce() {
		behave("reject");
		DeadLetter letter = this.jobs.awaitDeadLetter(openIssue());
		assertThat(letter.attempts()).isEqualTo(1);
	}

	@Test
	void discardsWhatNobodyWantsToHear() {
		int before = this.jobs.of(JOB, JobState.DISCARDED).size();
		behave("gone");
		UUID id = openIssue();
		await().until(() -> this.jobs.of(JOB, JobState.DISCARDED).size() == before + 1);
		assertThat(this.jobs.deadLetters(id)).isEmpty();
	}

	private UUID openIssue() {
		return this.client.deliverAndAwait("issues", Issue.unheardOf().json("opened"));
	}

	private void behave(String mode) {
		assertThat(this.client.asAdmin("PUT", "/downstream/mode?mode=" + mode).status()).isEqualTo(200);
	}

	private JsonNode downstream() {
		return this.client.get("/downstream/notifications").json();
	}

	private long accepted() {
		return downstream().path("accepted").asLong();
	}

	private long received() {
		return downstream().path("received").asLong();
	}

}
