package io.jobstarter.faults.invariants;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.Keyed.Line;
import io.jobstarter.faults.Keyed.One;
import io.jobstarter.faults.fleet.FleetDatabase;

/**
 * Jobs in each state that has no owner and no wake-up, as a crash of the server, a node
 * of another release or somebody's hand may leave them.
 */
final class Orphanage {

	/** A queue that is bounded over all nodes. */
	static final String BOUNDED = "bounded";

	private static final String FENCE = "worker = %d, claim = 1, claimed_at = current_timestamp(6)";

	private static final String WORKER = """
			insert into background_job_worker (id, host, pid, started_at, last_seen_at, expires_at, dead_at)
			values (%1$d, 'gone', 0, %2$s, %2$s, %2$s, %3$s)
			""";

	private static final String KEY = """
			insert into background_job_key (name, limit_name, running, granted, permits, waiting, touched_at)
			values ('%s', '%s', %d, 0, 1, %d, %s)
			""";

	private static final String BREAKER = """
			insert into background_job_breaker (name, state, generation, openings, open_until, prober, changed_at,
			    changed_by)
			values ('%s', '%s', 1, 1, %s, 4706, %s, 'gone')
			""";

	private static final String LONG_AGO = "current_timestamp(6) - interval '7200' second";

	private final FleetDatabase database;

	private final Map<String, Long> orphans = new LinkedHashMap<>();

	private int numbers;

	Orphanage(FleetDatabase database) {
		this.database = database;
	}

	/**
	 * Plants one of each kind.
	 * @return the jobs by what is wrong with them
	 */
	Map<String, Long> fill() {
		ofWorkers();
		ofTime();
		ofCircuits();
		ofKeys();
		ofNothing();
		return this.orphans;
	}

	private void ofWorkers() {
		work("runs on a worker that nobody knows", fence(4701));
		work("runs on a worker that is dead", fence(4702), WORKER.formatted(4702, LONG_AGO, LONG_AGO));
		work("runs on a worker whose lease has ended", fence(4703), WORKER.formatted(4703, LONG_AGO, "null"));
		work("is scheduled, and runs on a worker that nobody knows", "state = 1, " + fence(4704));
		work("has been claimed by nobody", "claim = 7, claimed_at = current_timestamp(6)");
		work("has slots of its queue held by nobody", "queue = '" + BOUNDED + "'", """
				insert into background_job_fleet_slots (name, worker, slots, turn, wanted, since, declared)
				values ('%s', 4705, 1, 1, 1, %s, 1)
				""".formatted(BOUNDED, LONG_AGO));
	}

	private void ofTime() {
		work("is scheduled, and was due long ago", "state = 1, due_at = " + LONG_AGO);
		work("is ready since tomorrow", "created_at = current_timestamp(6) + interval '86400' second");
	}

	private void ofCircuits() {
		work("waits for a circuit breaker that nobody knows", blocked(2, "circuit:gone"));
		work("waits for a circuit breaker that nobody probes", blocked(2, "circuit:unprobed"),
				BREAKER.formatted("unprobed", "OPEN", LONG_AGO, LONG_AGO));
		work("waits for a circuit breaker whose prober is gone", blocked(2, "circuit:half"),
				BREAKER.formatted("half", "HALF_OPEN", "null", LONG_AGO));
	}

	private void ofKeys() {
		work("waits for a limit that nobody knows", blocked(3, "limit:gone:a"));
		work("waits for a rate that nobody knows", blocked(3, "rate:gone:a"));
		one("waits for a permit that nobody holds", "held", blocked(3, "limit:one:held"),
				KEY.formatted("limit:one:held", "one", 1, 1, LONG_AGO));
		one("waits for a limit with fewer than no holders", "less", blocked(3, "limit:one:less"),
				KEY.formatted("limit:one:less", "one", -1, 1, LONG_AGO));
		one("holds a permit for a worker that nobody knows", "orphan", fence(4707),
				KEY.formatted("limit:one:orphan", "one", 1, 1, LONG_AGO));
		one("waits for a permit that a worker holds whom nobody knows", "orphan", blocked(3, "limit:one:orphan"));
		plant("waits in an order that nobody knows", new Line(this.numbers, "a", 1, 0), blocked(3, "order:line:a"));
	}

	private void ofNothing() {
		work("waits for no circuit breaker", "state = 2, blocked_by = null");
		work("waits for no key", "state = 3, blocked_by = null");
	}

	/**
	 * Plants what a later release knows and this one does not.
	 * @return the jobs
	 */
	List<Long> ofALaterRelease() {
		Map<String, Long> before = new LinkedHashMap<>(this.orphans);
		work("a state", "state = 9");
		work("a state and a reason", blocked(9, "quota:a"));
		work("a reason beside circuits", blocked(2, "tenant:a"));
		work("a reason beside keys", blocked(3, "quota:a"));
		List<Long> later = this.orphans.entrySet()
			.stream()
			.filter((orphan) -> !before.containsKey(orphan.getKey()))
			.map(Map.Entry::getValue)
			.toList();
		this.orphans.values().removeAll(later);
		return later;
	}

	private void work(String what, String change, String... statements) {
		plant(what, Work.taking(this.numbers, 1), change, statements);
	}

	private void one(String what, String key, String change, String... statements) {
		plant(what, new One(this.numbers, key, 1, 0), change, statements);
	}

	private void plant(String what, Object job, String change, String... statements) {
		this.numbers++;
		this.database.transaction().executeWithoutResult((status) -> {
			long id = this.database.client().enqueue(job).id().value();
			this.database.jdbc().update("update background_job_job set " + change + " where id = ?", id);
			for (String statement : statements) {
				this.database.jdbc().update(statement);
			}
			this.orphans.put(what, id);
		});
	}

	private static String fence(long worker) {
		return FENCE.formatted(worker);
	}

	private static String blocked(int state, String reason) {
		return "state = " + state + ", blocked_by = '" + reason + "'";
	}

}
