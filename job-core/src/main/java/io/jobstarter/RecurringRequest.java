package io.jobstarter;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * A recurring job to make at run time, or to change.
 *
 * @param id its id, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,99}}
 * @param schedule when it fires: a cron expression, a macro, or words
 * @param jobName the name of its jobs, or {@code null} for that of the payload's handler
 * @param payload their payload: an object whose class has a handler, or JSON as text
 * where the name is given
 * @param zone the time zone whose clocks the schedule follows
 * @param options what may be left at its default
 */
public record RecurringRequest(String id, String schedule, @Nullable String jobName, Object payload, ZoneId zone,
		Options options) {

	/**
	 * Makes one of a payload.
	 * @param id its id
	 * @param schedule when it fires, by UTC
	 * @param payload the payload of its jobs, whose class names the handler
	 * @return the request
	 */
	public static RecurringRequest of(String id, String schedule, Object payload) {
		return new RecurringRequest(id, schedule, null, payload, ZoneOffset.UTC, Options.DEFAULT);
	}

	/**
	 * Makes one of a job's name.
	 * @param id its id
	 * @param schedule when it fires, by UTC
	 * @param jobName the name of its jobs
	 * @param payload their payload as JSON; {@code {}} where the handler takes none
	 * @return the request
	 */
	public static RecurringRequest ofJobNamed(String id, String schedule, String jobName, String payload) {
		return new RecurringRequest(id, schedule, jobName, payload, ZoneOffset.UTC, Options.DEFAULT);
	}

	/**
	 * Follows the clocks of a time zone.
	 * @param zone the zone
	 * @return this request with it
	 */
	public RecurringRequest zone(ZoneId zone) {
		return new RecurringRequest(this.id, this.schedule, this.jobName, this.payload, zone, this.options);
	}

	/**
	 * Puts its jobs into another queue than that of the handler.
	 * @param queue the queue
	 * @return this request with it
	 */
	public RecurringRequest queue(String queue) {
		return with((o) -> new Options(queue, o.priority, o.description, o.misfire, o.overlap, o.jitter, o.catchUp));
	}

	/**
	 * Gives its jobs another priority than that of the handler.
	 * @param priority the priority
	 * @return this request with it
	 */
	public RecurringRequest priority(int priority) {
		return with((o) -> new Options(o.queue, priority, o.description, o.misfire, o.overlap, o.jitter, o.catchUp));
	}

	/**
	 * Says what it is for.
	 * @param description the text, at most 500 characters
	 * @return this request with it
	 */
	public RecurringRequest description(String description) {
		return with((o) -> new Options(o.queue, o.priority, description, o.misfire, o.overlap, o.jitter, o.catchUp));
	}

	/**
	 * Chooses what to do about fires that were noticed too late.
	 * @param misfire the policy
	 * @return this request with it
	 */
	public RecurringRequest misfire(Misfire misfire) {
		return with((o) -> new Options(o.queue, o.priority, o.description, misfire, o.overlap, o.jitter, o.catchUp));
	}

	/**
	 * Chooses what to do while the previous job is not over.
	 * @param overlap the policy
	 * @return this request with it
	 */
	public RecurringRequest overlap(Overlap overlap) {
		return with((o) -> new Options(o.queue, o.priority, o.description, o.misfire, overlap, o.jitter, o.catchUp));
	}

	/**
	 * Spreads its jobs.
	 * @param jitter within how long after its fire a job is due
	 * @return this request with it
	 */
	public RecurringRequest jitter(Duration jitter) {
		return with((o) -> new Options(o.queue, o.priority, o.description, o.misfire, o.overlap, jitter, o.catchUp));
	}

	/**
	 * Bounds what is made up for.
	 * @param catchUp how old a fire may be
	 * @return this request with it
	 */
	public RecurringRequest catchUp(Duration catchUp) {
		return with((o) -> new Options(o.queue, o.priority, o.description, o.misfire, o.overlap, o.jitter, catchUp));
	}

	private RecurringRequest with(UnaryOperator<Options> change) {
		return new RecurringRequest(this.id, this.schedule, this.jobName, this.payload, this.zone,
				change.apply(this.options));
	}

	/**
	 * What may be left at its default.
	 *
	 * @param queue the queue of its jobs, or {@code null} for that of the handler
	 * @param priority their priority, or {@code null} for that of the handler
	 * @param description what it is for, or {@code null}
	 * @param misfire what it does about fires that were noticed too late
	 * @param overlap what it does while the previous job is not over
	 * @param jitter within how long after its fire a job is due
	 * @param catchUp how old a fire may be that is made up for, or {@code null}
	 */
	public record Options(@Nullable String queue, @Nullable Integer priority, @Nullable String description,
			Misfire misfire, Overlap overlap, Duration jitter, @Nullable Duration catchUp) {

		/**
		 * Everything at its default.
		 */
		public static final Options DEFAULT = new Options(null, null, null, Misfire.ONCE, Overlap.ALLOW, Duration.ZERO,
				null);

	}

}
