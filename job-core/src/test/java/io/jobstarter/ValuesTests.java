package io.jobstarter;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ValuesTests {

	@Test
	void readsAJobIdThatItWrote() {
		assertThat(JobId.parse(new JobId(42).toString())).isEqualTo(new JobId(42));
		assertThat(JobId.parse(" 42 ")).isEqualTo(new JobId(42));
		assertThat(new JobId(9)).isLessThan(new JobId(10));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-1", "1.5", "9223372036854775808", "0x1", "1 or 1=1", "<script>" })
	void refusesWhatIsNoJobIdAndDoesNotRepeatIt(String text) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> JobId.parse(text))
			.withMessageStartingWith("A job id is a positive number")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("<", "or 1"));
	}

	@Test
	void aDelayIsNotNegativeAndCanBeStored() {
		assertThat(new DueTime.In(DueTime.In.MAX).delay()).isEqualTo(DueTime.In.MAX);
		Stream.of(Duration.ofNanos(-1), DueTime.In.MAX.plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE))
			.forEach((delay) -> {
				assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> new DueTime.In(delay));
				assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> JobRetry.after(delay));
				assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> JobSnooze.by(delay));
			});
	}

	@ParameterizedTest
	@EnumSource(JobState.class)
	void whatIsOverIsFinal(JobState state) {
		boolean over = switch (state) {
			case SCHEDULED, READY, BLOCKED, RUNNING -> false;
			case SUCCEEDED, DISCARDED, CANCELLED, DEAD -> true;
		};
		assertThat(state.isFinal()).isEqualTo(over);
	}

	@Test
	void outcomesHaveOneWordForLogsAndMeters() {
		JobFailure failure = new JobFailure("a", "b", "c");
		assertThat(Stream
			.of(new JobOutcome.Succeeded(), new JobOutcome.Retried(failure, Duration.ZERO, null),
					new JobOutcome.Dead(DeadReason.EXHAUSTED, failure), new JobOutcome.Discarded("r", null),
					new JobOutcome.Snoozed(DueTime.NOW), new JobOutcome.Returned("r"), new JobOutcome.Cancelled())
			.map(JobOutcome::label))
			.containsExactly("succeeded", "retried", "dead", "discarded", "snoozed", "returned", "cancelled");
	}

	@Test
	void signalsCarryWhatTheyAskForAndNoStackTrace() {
		IOException cause = new IOException();
		assertThat(JobRetry.after(Duration.ofSeconds(1), cause)).hasCause(cause)
			.satisfies((signal) -> assertThat(signal.getStackTrace()).isEmpty());
		Instant noon = Instant.parse("2030-01-01T12:00:00Z");
		assertThat(JobSnooze.until(noon).due()).isEqualTo(new DueTime.At(noon));
		assertThat(JobDiscard.because("gone").reason()).isEqualTo("gone");
	}

}
