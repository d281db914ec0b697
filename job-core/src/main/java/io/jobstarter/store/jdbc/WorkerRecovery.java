package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;
import io.jobstarter.JobState;
import io.jobstarter.LimitKey;
import io.jobstarter.store.Lane;
import io.jobstarter.store.MaintenanceStore.RecoveredJob;
import io.jobstarter.store.MaintenanceStore.Recovery;
import io.jobstarter.store.jdbc.KeyPermits.Returned;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;

/**
 * Frees the jobs of workers that died.
 */
final class WorkerRecovery {

	private static final Log logger = LogFactory.getLog(WorkerRecovery.class);

	// A pulse that has not beaten for half a lease is a gap that no beat has shown yet:
	// the
	// one that shows it extends the leases.
	private static final String CANDIDATES = """
			select w.id from background_job_worker w
			join background_job_pulse p on p.id = 1
			 and p.last_beat >= clock_timestamp() - cast(:halfLease as bigint) * interval '0.000001' second
			 and p.last_beat <= clock_timestamp()
			where w.id > :after and (w.dead_at is not null or w.expires_at < clock_timestamp())
			order by w.id
			""";

	private static final String LOCK_WORKER = """
			select stopping from background_job_worker
			where id = :worker and (dead_at is not null or expires_at < clock_timestamp())
			for update skip locked
			""";

	private static final String MARK_DEAD = """
			update background_job_worker set dead_at = coalesce(dead_at, clock_timestamp()) where id = :worker
			""";

	// Reads the whole table: no index holds the worker, so that claims are cheap.
	private static final String JOBS = """
			select id, limits from background_job_job where worker = :worker
			""";

	private static final String LOCK_JOBS = """
			select id, name, queue, priority, front, crashes, cancel_requested, unique_key, limits
			from background_job_job
			where id = any (cast(:ids as bigint array)) and worker = :worker
			order by queue, priority, front desc, seq fetch first :limit rows only
			for update skip locked
			""";

	private static final String REMOVE_WORKER = """
			delete from background_job_worker where id = :worker
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Reads reads;

	private final Dialect dialect;

	private final JobEnds ends;

	private final UniqueKeys keys;

	private final FleetShares fleet;

	private final KeyPermits permits;

	WorkerRecovery(EngineTransactions transactions, Statements statements, Reads reads, Dialect dialect,
			KeyPermits permits) {
		this.permits = permits;
		this.transactions = transactions;
		this.statements = statements;
		this.reads = reads;
		this.dialect = dialect;
		this.ends = new JobEnds(statements);
		this.keys = dialect.uniqueKeys(statements);
		this.fleet = new FleetShares(statements);
	}

	Optional<Recovery> recover(long after, Duration lease, int crashLimit, int limit, Predicate<String> callback) {
		Terms terms = new Terms(after, lease, crashLimit, limit, callback);
		if (this.reads.querySmall(CANDIDATES, terms.parameters(), (row, number) -> row.getLong(1)).isEmpty()) {
			return Optional.empty();
		}
		try {
			return this.transactions.execute(() -> recover(terms, true));
		}
		catch (HistoryFailedException ex) {
			logger.debug("Recovering without history", ex);
			return this.transactions.execute(() -> recover(terms, false));
		}
	}

	private Optional<Recovery> recover(Terms terms, boolean history) {
		List<Long> candidates = this.statements.of(CANDIDATES).params(terms.parameters()).query(Long.class).list();
		for (long worker : candidates) {
			Optional<Boolean> stopping = lock(worker);
			if (stopping.isPresent()) {
				return Optional.of(recover(worker, stopping.get(), terms, history));
			}
		}
		return Optional.empty();
	}

	// Another node may be at it, or the worker has come back to life.
	private Optional<Boolean> lock(long worker) {
		return this.statements.of(LOCK_WORKER).param("worker", worker).query(Boolean.class).optional();
	}

	private Recovery recover(long worker, boolean stopping, Terms terms, boolean history) {
		this.statements.of(MARK_DEAD).param("worker", worker).update();
		List<String> fleet = this.fleet.lock(worker);
		Map<Long, List<LimitKey>> held = held(worker);
		// Before any row of a job is locked.
		Returned returned = this.permits.giveBack(held.values());
		Verdict verdict = new Verdict(worker, stopping ? 0 : 1, terms.crashLimit(), terms.callback());
		List<Orphan> orphans = held.isEmpty() ? List.of()
				: withoutHeldKeys(lockJobs(worker, held.keySet(), terms.limit()), verdict);
		List<RecoveredJob> recovered = free(orphans, verdict, history);
		ReleasedJobs released = returned.settle(orphans.stream().map(Orphan::keys).toList());
		boolean complete = orphans.size() == held.size();
		if (complete) {
			this.fleet.free(fleet, worker);
			this.statements.of(REMOVE_WORKER).param("worker", worker).update();
		}
		return new Recovery(worker, recovered, complete, released.lanes());
	}

	private Map<Long, List<LimitKey>> held(long worker) {
		Map<Long, List<LimitKey>> held = new HashMap<>();
		this.statements.of(JOBS).param("worker", worker).query((row) -> {
			held.put(row.getLong("id"), LimitKey.parse(row.getString("limits")));
		});
		return held;
	}

	private List<Orphan> lockJobs(long worker, Collection<Long> ids, int limit) {
		return this.statements.of(LOCK_JOBS)
			.param("ids", Values.ids(ids))
			.param("worker", worker)
			.param("limit", limit)
			.query(Orphan::new)
			.list();
	}

	// A job whose end would free a key that somebody has just met is left to the next
	// time.
	private List<Orphan> withoutHeldKeys(List<Orphan> orphans, Verdict verdict) {
		Set<String> free = this.keys.lock(keys(orphans.stream().filter(verdict::ends).toList()));
		return orphans.stream()
			.filter((job) -> job.uniqueKey() == null || !verdict.ends(job) || free.contains(job.uniqueKey()))
			.toList();
	}

	private static List<String> keys(List<Orphan> orphans) {
		return orphans.stream().map(Orphan::uniqueKey).filter(Objects::nonNull).toList();
	}

	private List<RecoveredJob> free(List<Orphan> orphans, Verdict verdict, boolean history) {
		List<Orphan> cancelled = orphans.stream().filter(Orphan::cancelRequested).toList();
		List<Orphan> dead = orphans.stream().filter((job) -> !job.cancelRequested() && verdict.kills(job)).toList();
		List<Orphan> free = orphans.stream().filter((job) -> !job.cancelRequested() && !verdict.kills(job)).toList();
		cancel(cancelled, history);
		bury(dead, verdict);
		makeReady(free, verdict.crash());
		List<RecoveredJob> recovered = new ArrayList<>();
		dead.forEach((job) -> recovered.add(job.recovered(verdict.crash(), verdict.failure(job))));
		free.forEach((job) -> recovered.add(job.recovered(verdict.crash(), null)));
		return recovered;
	}

	private void cancel(List<Orphan> cancelled, boolean history) {
		if (history) {
			try {
				this.ends.writeHistory(
						cancelled.stream().map((job) -> new Ended(job.id(), JobState.CANCELLED, 0, null)).toList());
			}
			catch (DataAccessException ex) {
				throw HistoryFailedException.of(ex);
			}
		}
		delete(cancelled);
	}

	private void bury(List<Orphan> dead, Verdict verdict) {
		this.ends
			.writeFailures(dead.stream().map((job) -> new JobEnds.Failed(job.id(), verdict.failure(job))).toList());
		this.ends.writeDeadLetters(dead.stream()
			.map((job) -> new JobEnds.Died(job.id(), DeadReason.CRASH, verdict.failure(job), verdict.callsBack(job)))
			.toList());
		delete(dead);
	}

	private void delete(List<Orphan> ended) {
		this.ends.delete(ended.stream().map(Orphan::id).toList());
		this.keys.free(keys(ended));
	}

	private void makeReady(List<Orphan> free, int crash) {
		if (!free.isEmpty()) {
			this.statements.of(this.dialect.makeReady())
				.param("ids", free.stream().map(Orphan::id).toArray(Long[]::new))
				.param("front", true)
				.param("crashes", crash)
				.update();
		}
	}

	/**
	 * What recovery was asked for.
	 *
	 * @param after only workers with a greater id
	 * @param lease how long a lease is
	 * @param crashLimit with how many crashes a job is dead
	 * @param limit how many jobs at most
	 * @param callback says of a job name whether its handler is told of a dead letter
	 */
	private record Terms(long after, Duration lease, int crashLimit, int limit, Predicate<String> callback) {

		Map<String, Object> parameters() {
			return Map.of("halfLease", Values.micros(this.lease) / 2, "after", this.after);
		}

	}

	/**
	 * What a worker's death means for its jobs.
	 *
	 * @param worker the worker
	 * @param crash how many crashes each gets: none if the worker was stopping
	 * @param limit with how many crashes a job is dead
	 * @param callback says of a job name whether its handler is told of a dead letter
	 */
	private record Verdict(long worker, int crash, int limit, Predicate<String> callback) {

		boolean callsBack(Orphan job) {
			return this.callback.test(job.name());
		}

		boolean ends(Orphan job) {
			return job.cancelRequested() || kills(job);
		}

		boolean kills(Orphan job) {
			return this.crash > 0 && job.crashes() + this.crash >= this.limit;
		}

		JobFailure failure(Orphan job) {
			return new JobFailure("WorkerDied", "Worker " + this.worker + " died while it ran this job, which makes "
					+ (job.crashes() + this.crash) + " crashes", "");
		}

	}

	/**
	 * A job of a dead worker.
	 *
	 * @param id its id
	 * @param name its name
	 * @param lane the lane that it came from
	 * @param crashes its crashes so far
	 * @param cancelRequested whether somebody wants it cancelled
	 * @param uniqueKey the unique key that its end frees
	 * @param keys the keys that it holds
	 */
	private record Orphan(long id, String name, Lane lane, int crashes, boolean cancelRequested,
			@Nullable String uniqueKey, List<LimitKey> keys) {

		Orphan(ResultSet row, int number) throws SQLException {
			this(row.getLong("id"), row.getString("name"), ClaimedJobMapper.lane(row), row.getInt("crashes"),
					row.getBoolean("cancel_requested"), row.getString("unique_key"),
					LimitKey.parse(row.getString("limits")));
		}

		RecoveredJob recovered(int crash, @Nullable JobFailure death) {
			Lane front = this.lane.toFront();
			return new RecoveredJob(this.id, this.name, front, this.crashes + crash, death);
		}

	}

}
