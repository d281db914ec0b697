package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;

import io.jobstarter.JobState;
import io.jobstarter.Misfire;
import io.jobstarter.Overlap;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringRun;
import io.jobstarter.RecurringSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A recurring job as the endpoint shows it.
 *
 * @param id its id
 * @param source where it is declared
 * @param schedule when it fires
 * @param zone the time zone whose clocks the schedule follows, unless it names one
 * @param job the name of its jobs
 * @param queue their queue
 * @param priority their priority
 * @param payload their payload, or a mask
 * @param description what it is for
 * @param policies what it does about fires
 * @param paused whether it is paused
 * @param pausedAt since when
 * @param pausedBy who paused it
 * @param pauseReason why
 * @param nextFireAt when it fires next
 * @param last its last job
 * @param missed how many fires no job came of
 * @param retiredAt since when it does not fire, since nobody declares it
 */
public record RecurringView(String id, RecurringSource source, String schedule, String zone, String job, String queue,
		int priority, @Nullable String payload, @Nullable String description, Policies policies, boolean paused,
		@Nullable Instant pausedAt, @Nullable String pausedBy, @Nullable String pauseReason,
		@Nullable Instant nextFireAt, @Nullable LastRun last, long missed,
		@Nullable Instant retiredAt) implements OperationResponseBody {

	static RecurringView of(RecurringJob recurring, PayloadMask.Shown shown) {
		RecurringDefinition definition = recurring.definition();
		RecurringJob.Pause pause = recurring.pause();
		RecurringRun last = recurring.last();
		return new RecurringView(recurring.id(), recurring.source(), definition.schedule(), definition.zone(),
				definition.jobName(), definition.queue(), definition.priority(),
				shown.payload(definition.jobName(), definition.payload()), definition.description(),
				Policies.of(definition), pause != null, (pause != null) ? pause.at() : null,
				(pause != null) ? pause.by() : null, (pause != null) ? pause.reason() : null, recurring.nextFireAt(),
				(last != null) ? LastRun.of(last) : null, recurring.missed(), recurring.retiredAt());
	}

	/**
	 * What it does about fires.
	 *
	 * @param misfire about those that were noticed too late
	 * @param overlap while the previous job is not over
	 * @param jitter within how long after its fire a job is due
	 * @param catchUp how old a fire may be that is made up for
	 */
	public record Policies(Misfire misfire, Overlap overlap, Duration jitter, @Nullable Duration catchUp) {

		private static Policies of(RecurringDefinition definition) {
			return new Policies(definition.misfire(), definition.overlap(), definition.jitter(), definition.catchUp());
		}

	}

	/**
	 * Its last job.
	 *
	 * @param job the job's id
	 * @param fireAt the fire
	 * @param state where the job stands or how it ended, if that is known
	 * @param startedAt when its last attempt started
	 * @param finishedAt when it was over
	 * @param duration how long its last attempt took
	 */
	public record LastRun(long job, Instant fireAt, @Nullable JobState state, @Nullable Instant startedAt,
			@Nullable Instant finishedAt, @Nullable Duration duration) {

		private static LastRun of(RecurringRun run) {
			return new LastRun(run.job().value(), run.fireAt(), run.state(), run.startedAt(), run.finishedAt(),
					run.duration());
		}

	}

}
