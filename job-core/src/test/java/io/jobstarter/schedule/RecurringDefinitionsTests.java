package io.jobstarter.schedule;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.jobstarter.BackgroundJob;
import io.jobstarter.DueTime;
import io.jobstarter.InOrder;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.LimitKey;
import io.jobstarter.LimitKey.Kind;
import io.jobstarter.Misfire;
import io.jobstarter.Overlap;
import io.jobstarter.RecurringRequest;
import io.jobstarter.Unique;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.HandlerScanner;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefaults;
import io.jobstarter.store.NewJob;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RecurringDefinitionsTests {

	private static final String PAYLOAD = "{\"account\": \"7\", \"owner\": \"ada\"}";

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(SyncJob.class);

	private final RecurringDefinitions definitions = new RecurringDefinitions(new HandlerRegistry(
			new HandlerScanner(this.context.getBeanFactory(), new JobDefaults("default", null), Map.of()).scan()
				.definitions()),
			new JacksonPayloadSerializer(), 1_000);

	@AfterEach
	void close() {
		this.context.close();
	}

	private NewJob complete(String payload) {
		return complete("default", payload);
	}

	private NewJob complete(String queue, String payload) {
		return this.definitions.complete(new NewJob("sync", queue, 0, DueTime.NOW, payload, Map.of(), List.of(), null));
	}

	@Test
	void aFireHasTheKeysOfItsHandler() {
		NewJob job = complete(PAYLOAD);
		assertThat(job.keys()).containsExactly(LimitKey.of(Kind.ORDER, "sync", "7"));
		assertThat(job.unique()).isNotNull();
	}

	// What this release cannot read is not enqueued without keys unless it cannot run.
	@Test
	void whatItsHandlerCannotReadAnyMoreIsEnqueuedAsItIs() {
		NewJob job = complete("{\"account\": {\"of\": \"another release\"}}");
		assertThat(job.keys()).isEmpty();
		assertThat(job.unique()).isNull();
		assertThat(complete("{\"account\": \"7\", \"owner\": \"ada\", \"more\": \"" + "x".repeat(1_000) + "\"}").keys())
			.isNotEmpty();
	}

	@Test
	void oneWhosePayloadHasNoUniqueKeyIsRefusedAtOnce() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.definitions.create(new RecurringSpec("sync", "@daily", "UTC", "sync",
					"{\"account\": \"7\"}", RecurringRequest.Options.DEFAULT)));
	}

	@Test
	void aQueueWhoseNameIsTooLongToBeSharedIsRefusedAndDoesNotKeepAFireBack() {
		String queue = "q".repeat(98);
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.definitions.create(new RecurringSpec(
				"sync", "@daily", "UTC", "sync", PAYLOAD,
				new RecurringRequest.Options(queue, null, null, Misfire.ONCE, Overlap.ALLOW, Duration.ZERO, null))));
		assertThat(complete("default", PAYLOAD).share()).isPositive();
		assertThat(complete(queue, PAYLOAD).share()).isZero();
	}

	@BackgroundJob(fairBy = "#{payload.account()}")
	@InOrder(key = "#{payload.account()}")
	@Unique(key = "#{payload.owner()}")
	static class SyncJob implements JobHandler<Sync> {

		@Override
		public void handle(Sync job, JobAttempt attempt) {
		}

	}

	record Sync(String account, @Nullable String owner) {
	}

}
