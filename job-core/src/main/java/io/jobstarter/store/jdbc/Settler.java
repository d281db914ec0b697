package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import io.jobstarter.JobOutcome;
import io.jobstarter.LimitKey;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.store.Settlement;
import io.jobstarter.store.jdbc.KeyPermits.Returned;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;

/**
 * Writes how attempts ended: locks what its fence still matches, in the order of ids, and
 * changes nothing else.
 */
final class Settler {

	private static final Log logger = LogFactory.getLog(Settler.class);

	private static final String LOCK = """
			select id, worker, claim, cancel_requested, unique_key from background_job_job
			where id = any (cast(:ids as bigint array)) and worker = any (cast(:workers as bigint array))
			order by id for update skip locked
			""";

	private static final String HELD = """
			select id, worker, claim, cancel_requested, unique_key from background_job_job
			where id = any (cast(:ids as bigint array)) and worker = any (cast(:workers as bigint array))
			""";

	// Reads the whole table, so without locks.
	private static final String CLAIMED = """
			select id, limits from background_job_job where worker = :worker and claim = :claim
			""";

	// What somebody wants cancelled is not to run again: recovery ends it, with the
	// worker.
	private static final String LOCK_CLAIMED = """
			select id from background_job_job
			where id = any (cast(:ids as bigint array)) and worker = :worker and claim = :claim
			    and not cancel_requested
			order by queue, priority, front desc, seq
			for update skip locked
			""";

	/** The state of a job that waits for a circuit breaker. */
	private static final short PARKED = 2;

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Successes successes;

	private final Dialect dialect;

	private final JobEnds ends;

	private final UniqueKeys keys;

	private final LongAdder withoutHistory = new LongAdder();

	private final KeyPermits permits;

	private final ReleasedLanes released;

	Settler(EngineTransactions transactions, Statements statements, Successes successes, Dialect dialect,
			KeyPermits permits, ReleasedLanes released) {
		this.permits = permits;
		this.released = released;
		this.transactions = transactions;
		this.statements = statements;
		this.successes = successes;
		this.dialect = dialect;
		this.ends = new JobEnds(statements);
		this.keys = dialect.uniqueKeys(statements);
	}

	Map<Long, Settled> settle(Collection<Settlement> settlements, boolean history) {
		List<Settlement> keyed = settlements.stream().filter((one) -> !one.job().keys().isEmpty()).toList();
		if (keyed.isEmpty()) {
			return settleAlike(settlements, history);
		}
		List<Settlement> others = settlements.stream().filter((one) -> one.job().keys().isEmpty()).toList();
		Map<Long, Settled> results = new HashMap<>(others.isEmpty() ? Map.of() : settleAlike(others, history));
		results.putAll(settleKeyed(keyed, history));
		return results;
	}

	// Somebody may keep a key locked for long. What was settled before is to be told all
	// the same, and the next batch is to come.
	private Map<Long, Settled> settleKeyed(Collection<Settlement> settlements, boolean history) {
		try {
			return settleAlike(settlements, history);
		}
		catch (DataAccessException ex) {
			if (!EngineTransactions.isTransient(ex)) {
				throw ex;
			}
			logger.debug("Keys are locked: they are met again", ex);
			Map<Long, Settled> results = new HashMap<>();
			settlements.forEach((settlement) -> results.put(settlement.job().id(), Settled.LOCKED));
			return results;
		}
	}

	private Map<Long, Settled> settleAlike(Collection<Settlement> settlements, boolean history) {
		try {
			return settleQuickly(settlements, history, Settled.DONE);
		}
		catch (HistoryFailedException ex) {
			return settleAgain(settlements, ex);
		}
	}

	// Not a savepoint: that would cost every batch two round trips for a table that is
	// hardly ever away.
	private Map<Long, Settled> settleAgain(Collection<Settlement> settlements, HistoryFailedException ex) {
		if (ex.getCause() instanceof DuplicateKeyException) {
			logger.debug("Settling beside older entries of the history", ex);
			return inTransaction(settlements, () -> write(settlements, true, Settled.DONE));
		}
		logger.debug("Settling without history", ex);
		Map<Long, Settled> results = settleQuickly(settlements, false, Settled.DONE_WITHOUT_HISTORY);
		this.withoutHistory.add(settlements.stream()
			.filter((settlement) -> isOver(settlement.outcome()))
			.filter((settlement) -> results.get(settlement.job().id()) == Settled.DONE_WITHOUT_HISTORY)
			.count());
		return results;
	}

	private static boolean isOver(JobOutcome outcome) {
		return outcome instanceof JobOutcome.Succeeded || outcome instanceof JobOutcome.Discarded
				|| outcome instanceof JobOutcome.Cancelled;
	}

	/**
	 * Counts the jobs that were settled although their history could not be written.
	 * @return how many there were
	 */
	long withoutHistory() {
		return this.withoutHistory.sum();
	}

	private Map<Long, Settled> settleQuickly(Collection<Settlement> settlements, boolean history, Settled ended) {
		if (!this.successes.areAmong(settlements)) {
			return inTransaction(settlements, () -> write(settlements, history, ended));
		}
		if (haveKeys(settlements)) {
			return inTransaction(settlements, () -> finish(settlements, history, ended,
					this.successes.endWithinTransaction(settlements, history)));
		}
		return this.transactions
			.executeBare(() -> finish(settlements, history, ended, this.successes.end(settlements, history)));
	}

	private Map<Long, Settled> finish(Collection<Settlement> settlements, boolean history, Settled ended,
			Set<Long> over) {
		Map<Long, Settled> results = new HashMap<>();
		over.forEach((id) -> results.put(id, ended));
		if (over.size() < settlements.size()) {
			results.putAll(write(without(over, settlements), history, ended));
		}
		return results;
	}

	private static boolean haveKeys(Collection<Settlement> settlements) {
		return settlements.stream().anyMatch((settlement) -> !settlement.job().keys().isEmpty());
	}

	// Permits are given back with the jobs. Those who get them hear of it when that is
	// committed.
	private Map<Long, Settled> inTransaction(Collection<Settlement> settlements,
			Supplier<Map<Long, Settled>> statements) {
		if (!haveKeys(settlements)) {
			return this.transactions.execute(statements);
		}
		Done<Map<Long, Settled>> done = this.transactions.execute(() -> {
			Returned returned = this.permits
				.giveBack(settlements.stream().map((settlement) -> settlement.job().keys()).toList());
			Map<Long, Settled> written = statements.get();
			return new Done<>(written,
					returned.settle(settlements.stream()
						.filter((settlement) -> isWritten(written.get(settlement.job().id())))
						.map((settlement) -> settlement.job().keys())
						.toList()));
		});
		this.released.announce(done.released().lanes());
		return done.result();
	}

	private static boolean isWritten(@Nullable Settled result) {
		return result == Settled.DONE || result == Settled.DONE_WITHOUT_HISTORY;
	}

	private static List<Settlement> without(Set<Long> over, Collection<Settlement> settlements) {
		return settlements.stream().filter((settlement) -> !over.contains(settlement.job().id())).toList();
	}

	int release(long worker, long claim) {
		Done<Integer> done = this.transactions.execute(() -> {
			Map<Long, List<LimitKey>> claimed = new HashMap<>();
			this.statements.of(CLAIMED).param("worker", worker).param("claim", claim).query((row) -> {
				claimed.put(row.getLong("id"), LimitKey.parse(row.getString("limits")));
			});
			Returned returned = this.permits.giveBack(claimed.values());
			List<Long> locked = claimed.isEmpty() ? List.of() : lockClaimed(worker, claim, claimed.keySet());
			giveBack(locked);
			return new Done<>(locked.size(),
					returned.settle(locked.stream().map(claimed::get).filter(Objects::nonNull).toList()));
		});
		this.released.announce(done.released().lanes());
		return done.result();
	}

	private List<Long> lockClaimed(long worker, long claim, Collection<Long> ids) {
		return this.statements.of(LOCK_CLAIMED)
			.param("ids", Values.ids(ids))
			.param("worker", worker)
			.param("claim", claim)
			.query(Long.class)
			.list();
	}

	private Map<Long, Settled> write(Collection<Settlement> settlements, boolean history, Settled ended) {
		Map<Long, Settled> results = new HashMap<>();
		Map<Long, Held> locked = read(LOCK, settlements);
		SettlementPlan plan = plan(settlements, locked);
		Set<String> free = this.keys.lock(keys(plan, locked));
		if (free.size() < keys(plan, locked).size()) {
			locked.keySet().removeAll(jobsOfOtherKeys(plan, locked, free));
			plan = plan(settlements, locked);
		}
		carryOut(plan, history);
		this.keys.free(free);
		plan.changed().forEach((id) -> results.put(id, Settled.DONE));
		plan.ended().forEach((end) -> results.put(end.id(), ended));
		explainOthers(settlements, results);
		return results;
	}

	private static SettlementPlan plan(Collection<Settlement> settlements, Map<Long, Held> locked) {
		SettlementPlan plan = new SettlementPlan();
		for (Settlement settlement : settlements) {
			Held held = locked.get(settlement.job().id());
			if (held != null && held.isBy(settlement.job())) {
				plan.add(settlement, held.cancelRequested());
			}
		}
		return plan;
	}

	// Those that the ends of their jobs free.
	private static List<String> keys(SettlementPlan plan, Map<Long, Held> locked) {
		return plan.gone()
			.stream()
			.map((id) -> Objects.requireNonNull(locked.get(id)))
			.map(Held::uniqueKey)
			.filter(Objects::nonNull)
			.toList();
	}

	private static List<Long> jobsOfOtherKeys(SettlementPlan plan, Map<Long, Held> locked, Set<String> free) {
		return plan.gone().stream().filter((id) -> {
			String key = Objects.requireNonNull(locked.get(id)).uniqueKey();
			return key != null && !free.contains(key);
		}).toList();
	}

	private void carryOut(SettlementPlan plan, boolean history) {
		this.ends.writeFailures(plan.failed());
		this.ends.writeDeadLetters(plan.died());
		if (history) {
			writeHistory(plan.ended());
		}
		this.ends.delete(plan.gone());
		postpone(plan.postponed());
		giveBack(plan.returned());
		park(plan.parked());
	}

	private void writeHistory(List<Ended> ended) {
		try {
			this.ends.writeHistory(ended);
		}
		catch (DataAccessException ex) {
			throw new HistoryFailedException(ex);
		}
	}

	private void postpone(List<SettlementPlan.Postponed> postponed) {
		if (postponed.isEmpty()) {
			return;
		}
		this.statements.of(this.dialect.postpone())
			.param("ids", postponed.stream().map((job) -> job.id()).toArray(Long[]::new))
			.param("failed", postponed.stream().map((job) -> (short) job.failed()).toArray(Short[]::new))
			.param("ruleCounts", postponed.stream().map((job) -> job.ruleCounts()).toArray(String[]::new))
			.param("dueAt", postponed.stream().map((job) -> Values.dueAt(job.due())).toArray(String[]::new))
			.param("delays", postponed.stream().map((job) -> Values.delay(job.due())).toArray(Long[]::new))
			.param("reasons", postponed.stream().map((job) -> job.reason()).toArray(String[]::new))
			.update();
	}

	private void park(List<SettlementPlan.Parked> parked) {
		if (!parked.isEmpty()) {
			this.statements.of(this.dialect.park())
				.param("ids", parked.stream().map((job) -> job.id()).toArray(Long[]::new))
				.param("reasons", parked.stream().map((job) -> job.reason()).toArray(String[]::new))
				.param("state", PARKED)
				.update();
		}
	}

	private void giveBack(List<Long> ids) {
		if (!ids.isEmpty()) {
			this.statements.of(this.dialect.makeReady())
				.param("ids", Values.ids(ids))
				.param("front", true)
				.param("crashes", 0)
				.update();
		}
	}

	// A row that is locked is not a lost lease, nor is a key that somebody has just met.
	private void explainOthers(Collection<Settlement> settlements, Map<Long, Settled> results) {
		List<Settlement> others = settlements.stream()
			.filter((settlement) -> !results.containsKey(settlement.job().id()))
			.toList();
		if (others.isEmpty()) {
			return;
		}
		Map<Long, Held> held = read(HELD, others);
		for (Settlement other : others) {
			Held holder = held.get(other.job().id());
			boolean stillHeld = (holder != null) && holder.isBy(other.job());
			results.put(other.job().id(), stillHeld ? Settled.LOCKED : Settled.LOST);
		}
	}

	private Map<Long, Held> read(String statement, Collection<Settlement> settlements) {
		Map<Long, Held> held = new HashMap<>();
		this.statements.of(statement)
			.param("ids", settlements.stream().map((settlement) -> settlement.job().id()).toArray(Long[]::new))
			.param("workers", settlements.stream().map(Settler::worker).distinct().toArray(Long[]::new))
			.query((row) -> {
				Fence fence = new Fence(row.getLong("worker"), row.getLong("claim"));
				held.put(row.getLong("id"),
						new Held(fence, row.getBoolean("cancel_requested"), row.getString("unique_key")));
			});
		return held;
	}

	private static long worker(Settlement settlement) {
		return settlement.job().fence().worker();
	}

	/**
	 * What a transaction has done.
	 *
	 * @param <T> what it returns
	 * @param result what it returned
	 * @param released the jobs that it let go
	 */
	private record Done<T>(T result, ReleasedJobs released) {
	}

	/**
	 * Who holds a job.
	 *
	 * @param fence the worker and its claim
	 * @param cancelRequested whether somebody wants it cancelled
	 * @param uniqueKey the unique key that its end frees
	 */
	private record Held(Fence fence, boolean cancelRequested, @Nullable String uniqueKey) {

		boolean isBy(ClaimedJob job) {
			return this.fence.equals(job.fence());
		}

	}

}
