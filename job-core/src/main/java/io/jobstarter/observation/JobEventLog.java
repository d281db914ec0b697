package io.jobstarter.observation;

import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

import io.jobstarter.DueTime;
import io.jobstarter.JobContextPropagator.Scope;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobOutcome;
import io.jobstarter.support.AttemptDetails;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.JobEventListener;
import io.jobstarter.support.JobLogFields;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes what happens to jobs to the log, a line each: what somebody should look at as
 * warnings and errors, what ends a job otherwise than by success at once as information,
 * and the ordinary course of things, of which there may be 100,000 lines a second, for
 * debugging only. Whatever is not the engine's own text is cleaned of line breaks and
 * control codes.
 */
public final class JobEventLog implements JobEventListener {

	private static final Log logger = LogFactory.getLog("io.jobstarter.jobs");

	private static final int MAX_NAME = 300;

	private static final int MAX_MESSAGE = 500;

	private static final int MAX_PAYLOAD = 4_000;

	private final JobLogFields fields;

	private final @Nullable BinaryOperator<String> payloads;

	/**
	 * Makes a log.
	 * @param fields names jobs in the fields of each line
	 * @param payloads says how the payload of a job of some name is shown, given both, or
	 * {@code null} if payloads are not logged
	 */
	public JobEventLog(JobLogFields fields, @Nullable BinaryOperator<String> payloads) {
		this.fields = fields;
		this.payloads = payloads;
	}

	@Override
	public void hear(JobEvent event) {
		Level level = levelOf(event);
		if (level.isOn()) {
			write(level, textOf(event), this.fields.put(event.id(), event.name(), event.queue()));
		}
	}

	@Override
	public void hear(JobEvent event, AttemptDetails attempt) {
		Level level = levelOf(event);
		if (level.isOn()) {
			write(level, textOf(event) + payloadOf(event, attempt), this.fields.put(attempt));
		}
	}

	private static void write(Level level, String text, Scope scope) {
		try {
			level.write.accept(logger, text);
		}
		finally {
			scope.close();
		}
	}

	private static Level levelOf(JobEvent event) {
		if (event instanceof JobEvent.Settled settled) {
			return levelOf(settled.outcome(), settled.number());
		}
		if (event instanceof JobEvent.Recovered recovered) {
			return recovered.dead() ? Level.ERROR : Level.INFO;
		}
		if (event instanceof JobEvent.LeaseLost || event instanceof JobEvent.Stuck) {
			return Level.WARN;
		}
		// Its settling is logged, or its recovery; what is lost, by whoever loses it.
		boolean said = event instanceof JobEvent.DeadLettered || event instanceof JobEvent.EnqueueFailed;
		return said ? Level.OFF : Level.DEBUG;
	}

	private static Level levelOf(JobOutcome outcome, int number) {
		if (outcome instanceof JobOutcome.Succeeded) {
			// There was a warning before.
			return (number > 1) ? Level.INFO : Level.DEBUG;
		}
		if (outcome instanceof JobOutcome.Retried) {
			return Level.WARN;
		}
		if (outcome instanceof JobOutcome.Dead) {
			return Level.ERROR;
		}
		boolean ends = outcome instanceof JobOutcome.Discarded || outcome instanceof JobOutcome.Cancelled;
		return ends ? Level.INFO : Level.DEBUG;
	}

	private static String textOf(JobEvent event) {
		if (event instanceof JobEvent.Settled settled) {
			return subject(event, settled.number()) + textOf(settled);
		}
		if (event instanceof JobEvent.Started started) {
			return subject(event, started.number()) + "started " + started.waited() + " after it was due";
		}
		if (event instanceof JobEvent.LeaseLost lost) {
			return subject(event, lost.number()) + "was no longer held by this node when it ended: nothing was written";
		}
		if (event instanceof JobEvent.Stuck stuck) {
			return subject(event, stuck.number())
					+ "runs on though it was interrupted: it keeps its slot until it ends";
		}
		if (event instanceof JobEvent.Recovered recovered) {
			return subject(event, 0) + textOf(recovered);
		}
		return subject(event, 0) + "was enqueued";
	}

	private static String textOf(JobEvent.Settled event) {
		JobOutcome outcome = event.outcome();
		if (outcome instanceof JobOutcome.Retried retried) {
			return "failed and is tried again in " + retried.delay() + ": " + textOf(retried.failure());
		}
		if (outcome instanceof JobOutcome.Dead dead) {
			return "is dead (" + dead.reason() + "): " + textOf(dead.failure());
		}
		if (outcome instanceof JobOutcome.Discarded discarded) {
			return "was discarded: " + CleanText.printable(discarded.reason(), MAX_MESSAGE);
		}
		if (outcome instanceof JobOutcome.Snoozed snoozed) {
			return "was put off " + textOf(snoozed.due());
		}
		if (outcome instanceof JobOutcome.Parked parked) {
			return "was not permitted and waits for " + CleanText.printable(parked.reason(), MAX_MESSAGE);
		}
		if (outcome instanceof JobOutcome.Returned returned) {
			return "was given back: " + CleanText.printable(returned.reason(), MAX_MESSAGE);
		}
		return ((outcome instanceof JobOutcome.Succeeded) ? "succeeded" : "was cancelled") + " after " + event.ran();
	}

	private static String textOf(DueTime due) {
		return (due instanceof DueTime.At at) ? "until " + at.instant() : "for " + ((DueTime.In) due).delay();
	}

	private static String textOf(JobEvent.Recovered event) {
		return event.dead() ? "is dead (CRASH): its worker died " + event.crashes() + " times while it ran"
				: "is free again: its worker is gone (crashes: " + event.crashes() + ")";
	}

	private static String textOf(JobFailure failure) {
		return CleanText.printable(failure.errorClass(), MAX_NAME) + ": "
				+ CleanText.printable(failure.message(), MAX_MESSAGE);
	}

	private static String subject(JobEvent event, int number) {
		return "Job " + event.id() + " (" + CleanText.printable(event.name(), MAX_NAME) + ", queue "
				+ CleanText.printable(event.queue(), MAX_NAME) + ((number > 0) ? ", attempt " + number : "") + ") ";
	}

	// With what begins or goes wrong; an end that is well needs none.
	private String payloadOf(JobEvent event, AttemptDetails attempt) {
		boolean well = event instanceof JobEvent.Settled settled && settled.outcome() instanceof JobOutcome.Succeeded;
		return (this.payloads == null || well) ? "" : "; payload: "
				+ CleanText.printable(this.payloads.apply(event.name(), attempt.payload()), MAX_PAYLOAD);
	}

	/**
	 * Of how much interest a line is.
	 */
	private enum Level {

		OFF((log) -> false, (log, text) -> {
		}),

		DEBUG(Log::isDebugEnabled, Log::debug),

		INFO(Log::isInfoEnabled, Log::info),

		WARN(Log::isWarnEnabled, Log::warn),

		ERROR(Log::isErrorEnabled, Log::error);

		private final Predicate<Log> on;

		private final BiConsumer<Log, Object> write;

		Level(Predicate<Log> on, BiConsumer<Log, Object> write) {
			this.on = on;
			this.write = write;
		}

		boolean isOn() {
			return this.on.test(logger);
		}

	}

}
