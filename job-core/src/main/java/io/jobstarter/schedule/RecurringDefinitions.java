package io.jobstarter.schedule;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.TreeSet;

import io.jobstarter.InvalidJobException;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.InvalidScheduleException;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringRequest;
import io.jobstarter.RecurringRequest.Options;
import io.jobstarter.UniqueConflict;
import io.jobstarter.Uniqueness;
import io.jobstarter.UnknownJobException;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobRules;
import io.jobstarter.store.NewJob;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.FairShares;
import io.jobstarter.support.Names;
import io.jobstarter.support.NearestName;
import org.jspecify.annotations.Nullable;

/**
 * Makes recurring jobs of what somebody wrote down, and refuses what could not work once
 * it fires.
 */
public final class RecurringDefinitions {

	private static final int MAX_DESCRIPTION = 500;

	private static final int MAX_SHOWN = 100;

	private static final Duration LONGEST_JITTER = Duration.ofDays(1);

	private static final Duration LONGEST_CATCH_UP = Duration.ofDays(3650);

	private final HandlerRegistry handlers;

	private final JobPayloadSerializer serializer;

	private final long maxPayloadBytes;

	/**
	 * Makes a factory.
	 * @param handlers what jobs there are
	 * @param serializer reads and writes their payloads
	 * @param maxPayloadBytes the largest payload, in bytes of UTF-8
	 */
	public RecurringDefinitions(HandlerRegistry handlers, JobPayloadSerializer serializer, long maxPayloadBytes) {
		this.handlers = handlers;
		this.serializer = serializer;
		this.maxPayloadBytes = maxPayloadBytes;
	}

	/**
	 * Makes one of what was written down.
	 * @param spec what was written down
	 * @return the recurring job
	 * @throws InvalidScheduleException if the schedule or the zone cannot be read
	 * @throws UnknownJobException if there is no handler for its jobs
	 * @throws InvalidPayloadException if the handler cannot read the payload
	 * @throws InvalidJobException if something else cannot be
	 */
	public RecurringDefinition create(RecurringSpec spec) {
		Options options = spec.options();
		Names.recurring(spec.id());
		Schedule.parse(spec.schedule(), zone(spec.zone()));
		checkTimes(options);
		if (options.description() != null) {
			Names.text("description", options.description(), 0, MAX_DESCRIPTION);
		}
		JobDefinition job = job(spec.jobName());
		Object payload = payload(job, spec.payload());
		String queue = (options.queue() != null) ? Names.queue(options.queue()) : job.queueFor(payload);
		job.keysFor(payload);
		job.uniquenessFor(payload);
		if (job.shareFor(payload) > 0) {
			FairShares.requireShareable(queue);
		}
		int priority = (options.priority() != null) ? options.priority() : job.priority();
		if (priority != (short) priority) {
			throw new InvalidJobException("A priority is between -32768 and 32767, not " + priority);
		}
		return new RecurringDefinition(spec.id(), spec.schedule().strip(), spec.zone(), job.name(), spec.payload(),
				queue, priority, options.description(), options.misfire(), options.overlap(), options.jitter(),
				options.catchUp());
	}

	/**
	 * Makes one of what an application asks for.
	 * @param request what it asks for
	 * @return the recurring job
	 * @throws InvalidJobException as {@link #create(RecurringSpec)}
	 */
	public RecurringDefinition create(RecurringRequest request) {
		String name = request.jobName();
		String payload = (name != null) ? String.valueOf(request.payload())
				: this.serializer.serialize(request.payload());
		return create(new RecurringSpec(request.id(), request.schedule(), request.zone().getId(),
				(name != null) ? name : nameOf(request.payload()), payload, request.options()));
	}

	/**
	 * Tells whether this application has a handler.
	 * @param jobName a job's name
	 * @return whether there is one of that name
	 */
	public boolean knows(String jobName) {
		return this.handlers.byName(jobName).isPresent();
	}

	/**
	 * Completes a job that a recurring one enqueues by the rules of its handler. Where
	 * this application does not know the handler it is left as it is, and so is one whose
	 * payload the handler cannot read any more: it becomes a dead letter that says so,
	 * where a fire that fails would be tried for ever.
	 * @param job the job
	 * @return the job with its keys
	 */
	public NewJob complete(NewJob job) {
		return this.handlers.byName(job.name())
			.filter((definition) -> !definition.rules().equals(JobRules.NONE))
			.map((definition) -> complete(job, definition))
			.orElse(job);
	}

	private NewJob complete(NewJob job, JobDefinition definition) {
		Object payload;
		try {
			payload = read(definition, job.payload());
		}
		catch (InvalidPayloadException ex) {
			return job;
		}
		return complete(job, definition, payload);
	}

	// A fire that meets a unique key is not refused: there is nobody to hear of it.
	private static NewJob complete(NewJob job, JobDefinition definition, @Nullable Object payload) {
		NewJob keyed = job.withKeys(definition.keysFor(payload))
			.withShare(FairShares.isShareable(job.queue()) ? definition.shareFor(payload) : 0);
		Uniqueness uniqueness = definition.uniquenessFor(payload);
		if (uniqueness == null) {
			return keyed;
		}
		return keyed.unique((uniqueness.onConflict() == UniqueConflict.FAIL)
				? uniqueness.onConflict(UniqueConflict.KEEP_EXISTING) : uniqueness, true);
	}

	private String nameOf(Object payload) {
		JobDefinition definition = this.handlers.byPayloadType(payload.getClass());
		if (definition == null) {
			throw new UnknownJobException("No @BackgroundJob takes a " + payload.getClass().getName()
					+ ": declare a JobHandler for it, as a bean of this application");
		}
		return definition.name();
	}

	private static ZoneId zone(String name) {
		try {
			return ZoneId.of(name);
		}
		catch (DateTimeException ex) {
			throw new InvalidScheduleException("There is no time zone '" + CleanText.printable(name, MAX_SHOWN)
					+ "': write it as in Europe/Berlin or UTC");
		}
	}

	private static void checkTimes(Options options) {
		if (options.jitter().isNegative() || options.jitter().compareTo(LONGEST_JITTER) > 0) {
			throw new InvalidJobException("A jitter is at most a day, not " + options.jitter());
		}
		Duration catchUp = options.catchUp();
		if (catchUp != null && (catchUp.isNegative() || catchUp.compareTo(LONGEST_CATCH_UP) > 0)) {
			throw new InvalidJobException("A catch-up window is at most 3650 days, not " + catchUp);
		}
	}

	private JobDefinition job(String name) {
		return this.handlers.byName(name)
			.orElseThrow(() -> new UnknownJobException(
					"No @BackgroundJob is named '" + CleanText.printable(name, MAX_SHOWN) + "'"
							+ NearestName.of(name, new TreeSet<>(this.handlers.names()))
								.map((near) -> " (did you mean '" + near + "'?)")
								.orElse("")));
	}

	private @Nullable Object payload(JobDefinition job, String json) {
		long bytes = json.getBytes(StandardCharsets.UTF_8).length;
		if (bytes > this.maxPayloadBytes) {
			throw new InvalidPayloadException("The payload has " + bytes
					+ " bytes, more than background-jobs.defaults.max-payload allows (" + this.maxPayloadBytes + ")");
		}
		if (!CleanText.isClean(json)) {
			throw new InvalidPayloadException("A payload holds no NUL character and no lone surrogate");
		}
		return read(job, json);
	}

	private @Nullable Object read(JobDefinition job, String json) {
		Class<?> type = job.payloadType();
		return (type != null) ? this.serializer.deserialize(json, type) : null;
	}

}
