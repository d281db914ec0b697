package io.jobstarter.store.jdbc;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.UniqueConflict;
import io.jobstarter.store.NewJob;

import org.springframework.dao.ConcurrencyFailureException;

/**
 * Changes the jobs that hold the unique keys of others, where these want it. The row of
 * such a job is locked first. If it waits, it is changed in place. If it runs, it is left
 * alone but for its key, which a job of its own takes over: nothing of what was asked for
 * is lost. A key that is held for a time is not taken over.
 */
final class UniqueConflicts {

	private static final int ATTEMPTS = 100;

	private static final String LOCK_HOLDER = """
			select state, worker, unique_key, attempt, blocked_by, created_at, due_at, clock_timestamp() as now
			from background_job_job where id = :id for update
			""";

	private static final String IS_THERE = """
			select count(*) from background_job_job where id = :id
			""";

	private static final String GIVE_UP_KEY = """
			update background_job_job set unique_key = null, unique_until = null where id = :id
			""";

	private static final String REPLACE = """
			update background_job_job set payload = :payload, headers = :headers where id = :id
			""";

	private static final String PUT_OFF = """
			update background_job_job
			set state = 1, front = false, due_at = cast(:at as timestamp with time zone), blocked_by = null
			where id = :id
			""";

	private static final String MAKE_READY = """
			update background_job_job
			set state = 0, seq = default, front = false, due_at = clock_timestamp(), blocked_by = null
			where id = :id
			""";

	private final JdbcEnqueueStore store;

	private final UniqueKeys keys;

	UniqueConflicts(JdbcEnqueueStore store, UniqueKeys keys) {
		this.store = store;
		this.keys = keys;
	}

	/**
	 * Deals with jobs that have met the keys of others.
	 * @param jobs the jobs, each key once and in ascending order
	 * @param byKey what became of them, which may change
	 */
	void resolve(List<NewJob> jobs, Map<String, Enqueued> byKey) {
		for (NewJob job : jobs) {
			Enqueued met = Objects.requireNonNull(byKey.get(KeyedJobs.key(job)));
			if (met.duplicate() && KeyedJobs.changesHolder(job)) {
				byKey.put(KeyedJobs.key(job), resolve(job, met));
			}
		}
	}

	// The holder may have started, or be gone again, by the time that it is locked.
	private Enqueued resolve(NewJob job, Enqueued first) {
		Enqueued met = first;
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			if (KeyedJobs.expires(job) && !isThere(met.id())) {
				return met;
			}
			Optional<UniqueHolder> holder = lock(met.id());
			if (holder.isPresent() && holder.get().waits() && holder.get().holdsKeyOf(job)) {
				change(job, met.id(), holder.get());
				return met;
			}
			if (KeyedJobs.expires(job)) {
				return met;
			}
			if (holder.isPresent() && holder.get().holdsKeyOf(job)) {
				takeKey(job, met.id());
			}
			met = Objects
				.requireNonNull(this.store.insertUnique(List.of(), List.of(job)).unique().get(KeyedJobs.key(job)));
			if (!met.duplicate()) {
				return met;
			}
		}
		throw new ConcurrencyFailureException("The jobs that hold a unique key start and end again and again");
	}

	// To lock what is not there would lock the gap on MariaDB, where others insert.
	private boolean isThere(JobId id) {
		return this.store.statements().of(IS_THERE).param("id", id.value()).query(Long.class).single() > 0;
	}

	private Optional<UniqueHolder> lock(JobId id) {
		return this.store.current(LOCK_HOLDER).param("id", id.value()).query(UniqueHolder::new).optional();
	}

	private void takeKey(NewJob job, JobId holder) {
		this.store.current(GIVE_UP_KEY).param("id", holder.value()).update();
		this.keys.free(List.of(KeyedJobs.key(job)));
	}

	private void change(NewJob job, JobId id, UniqueHolder holder) {
		if (KeyedJobs.conflictOf(job) == UniqueConflict.REPLACE) {
			this.store.current(REPLACE)
				.param("id", id.value())
				.param("payload", job.payload())
				.param("headers", Values.headers(job.headers()))
				.update();
		}
		move(id, holder, holder.dueFor(job));
	}

	private void move(JobId id, UniqueHolder holder, Instant due) {
		if (holder.isPutOffBy(due)) {
			this.store.current(PUT_OFF).param("id", id.value()).param("at", Values.timestamp(due)).update();
		}
		else if (holder.isDueAt(due)) {
			this.store.current(MAKE_READY).param("id", id.value()).update();
		}
	}

}
