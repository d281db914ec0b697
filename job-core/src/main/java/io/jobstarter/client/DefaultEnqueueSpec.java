package io.jobstarter.client;

import java.time.Duration;
import java.time.Instant;

import io.jobstarter.DueTime;
import io.jobstarter.EnqueueSpec;
import io.jobstarter.Enqueued;
import io.jobstarter.InvalidJobException;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.observation.EnqueueObservations;
import io.jobstarter.store.NewJob;
import io.jobstarter.support.FairShares;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of one enqueue; each is checked when it is given.
 */
final class DefaultEnqueueSpec implements EnqueueSpec {

	private static final int MAX_TAGS = 20;

	private static final int MAX_HEADERS = 50;

	/** PostgreSQL ends in the year 294276; nothing is due after the year 9999. */
	private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

	private final NewJobFactory newJobs;

	private final CallerRuns enqueuer;

	private final EnqueueObservations observations;

	private final JobDefinition definition;

	private final @Nullable Object payload;

	private EnqueueOptions options = EnqueueOptions.NONE;

	DefaultEnqueueSpec(NewJobFactory newJobs, CallerRuns enqueuer, EnqueueObservations observations,
			JobDefinition definition, @Nullable Object payload) {
		this.newJobs = newJobs;
		this.enqueuer = enqueuer;
		this.observations = observations;
		this.definition = definition;
		this.payload = payload;
	}

	@Override
	public EnqueueSpec in(Duration delay) {
		this.options = this.options.withDue(new DueTime.In(delay));
		return this;
	}

	@Override
	public EnqueueSpec at(Instant instant) {
		if (instant.isAfter(LATEST)) {
			throw new InvalidJobException("A job is due before the year 10000, not at " + instant);
		}
		this.options = this.options.withDue(new DueTime.At(instant));
		return this;
	}

	@Override
	public EnqueueSpec queue(String queue) {
		this.options = this.options.withQueue(Names.queue(queue));
		return this;
	}

	@Override
	public EnqueueSpec priority(int priority) {
		if (priority < Short.MIN_VALUE || priority > Short.MAX_VALUE) {
			throw new InvalidJobException("A priority is between -32768 and 32767, not " + priority);
		}
		this.options = this.options.withPriority(priority);
		return this;
	}

	@Override
	public EnqueueSpec fairBy(String key) {
		this.options = this.options.withShare(FairShares.shareOf(key));
		return this;
	}

	@Override
	public EnqueueSpec uniqueKey(String key) {
		return uniqueKey(key, UniqueUntil.STARTED);
	}

	@Override
	public EnqueueSpec uniqueKey(String key, UniqueUntil until) {
		return unique(Uniqueness.of(Names.text("unique key", key, 1, 1_000)).until(until));
	}

	@Override
	public EnqueueSpec unique(Uniqueness uniqueness) {
		if (uniqueness.key() != null) {
			Names.text("unique key", uniqueness.key(), 1, 1_000);
		}
		this.options = this.options.withUnique(uniqueness);
		return this;
	}

	@Override
	public EnqueueSpec tag(String tag) {
		if (this.options.tags().size() == MAX_TAGS) {
			throw new InvalidJobException("A job has at most " + MAX_TAGS + " tags");
		}
		this.options = this.options.plusTag(Names.tag(tag));
		return this;
	}

	@Override
	public EnqueueSpec header(String name, String value) {
		if (this.options.headers().size() == MAX_HEADERS) {
			throw new InvalidJobException("A job has at most " + MAX_HEADERS + " headers");
		}
		this.options = this.options.plusHeader(Names.header(name), Names.headerValue(value));
		return this;
	}

	@Override
	public Enqueued enqueue() {
		return this.observations.observe(this.definition.name(), (enqueuing) -> {
			NewJob job = this.newJobs.create(this.definition, this.payload, this.newJobs.withContext(this.options));
			enqueuing.add(job.name(), job.queue());
			Enqueued result = this.enqueuer.enqueue(this.definition, this.payload, job);
			enqueuing.added(result);
			return result;
		});
	}

}
