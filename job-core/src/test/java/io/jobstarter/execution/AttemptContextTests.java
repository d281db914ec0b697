package io.jobstarter.execution;

import java.time.Instant;
import java.util.Map;

import io.jobstarter.JobId;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AttemptContextTests {

	private final AttemptContext context = TestDefinitions.context();

	@Test
	void tellsTheHandlerWhatIsKnown() {
		assertThat(this.context.id()).isEqualTo(new JobId(42));
		assertThat(this.context.name()).isEqualTo("greet");
		assertThat(this.context.queue()).isEqualTo("default");
		assertThat(this.context.number()).isEqualTo(1);
		assertThat(this.context.enqueuedAt()).isEqualTo(Instant.parse("2030-01-01T12:00:00Z"));
		assertThat(this.context.dueAt()).isEqualTo(Instant.parse("2030-01-01T12:00:01Z"));
		assertThat(this.context.headers()).isEqualTo(Map.of("tenant", "blue"));
		assertThat(this.context.tags()).containsExactly("tag");
		assertThat(this.context.idempotencyKey()).isEqualTo("key");
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.context.headers().put("a", "b"));
	}

	@Test
	void knowsOfNoTroubleAtFirst() {
		assertThat(this.context.isLeaseLost()).isFalse();
		assertThat(this.context.isCancellationRequested()).isFalse();
		assertThat(this.context.interruptReason()).isNull();
	}

	@Test
	void aLostLeaseInterruptsNobody() {
		this.context.markLeaseLost();
		assertThat(this.context.isLeaseLost()).isTrue();
		assertThat(this.context.isCancellationRequested()).isFalse();
	}

	@Test
	void remembersTheFirstReason() {
		this.context.interrupt(InterruptReason.TIMEOUT);
		this.context.interrupt(InterruptReason.CANCEL);
		assertThat(this.context.interruptReason()).isEqualTo(InterruptReason.TIMEOUT);
	}

}
