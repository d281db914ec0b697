package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.jobstarter.store.DatabaseWatch;
import org.jspecify.annotations.Nullable;

/**
 * The statements that databases write differently.
 */
abstract class Dialect {

	private static final String OLD_HISTORY = """
			select id from background_job_history
			where finished_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			order by finished_at fetch first :limit rows only
			for update skip locked
			""";

	private static final String DELETE_HISTORY = """
			delete from background_job_history where id = any (cast(:ids as bigint array))
			""";

	/**
	 * Where the migrations are, as Flyway names it.
	 * @return the location
	 */
	abstract String migrationLocation();

	/**
	 * Tells whether a migration that was left half-way is completed by running it again.
	 * @return whether it is
	 */
	boolean migrationIsRepeatable() {
		return false;
	}

	/**
	 * Tells whether a subquery can lock the rows that a statement then changes, and leave
	 * out those that others have locked.
	 * @return whether it can
	 */
	boolean locksInSubqueries() {
		return false;
	}

	/**
	 * What tells the time, and goes on doing so within a transaction.
	 * @return an expression
	 */
	abstract String clock();

	/**
	 * Turns a statement that databases share into this one's.
	 * @param statement the statement, with the default table prefix
	 * @return what this database understands, with the default table prefix
	 */
	String translate(String statement) {
		return statement.replace("clock_timestamp()", clock());
	}

	/**
	 * Makes an insert of one job return its id.
	 * @param insert the statement
	 * @return the statement, to be queried
	 */
	abstract String returningId(String insert);

	/**
	 * Deletes the job {@code :id} as long as {@code :worker} holds it by {@code :claim},
	 * in the transaction of its handler, which is about to be committed.
	 * @return the statement
	 */
	String deleteHeld() {
		return """
				delete from background_job_job where id = :id and worker = :worker and claim = :claim
				""";
	}

	/**
	 * Deletes the unique keys {@code :keys}, which are locked, from among those that
	 * expire.
	 * @return the statement
	 */
	String deleteExpiringKeys() {
		return """
				delete from background_job_expiring_key where unique_key = any (cast(:keys as varchar array))
				""";
	}

	/**
	 * What holds unique keys besides the rows of the jobs.
	 * @param statements the statements of the transactions that free keys
	 * @return the keys
	 */
	UniqueKeys uniqueKeys(Statements statements) {
		return new UniqueKeys();
	}

	/**
	 * The jobs that wait for keys.
	 * @param statements the statements of the transactions that have the keys locked
	 * @return the jobs
	 */
	WaitingJobs waitingJobs(Statements statements) {
		return new WaitingJobs(statements, this);
	}

	/**
	 * The tables that only this database needs.
	 * @return their columns, by the tables' names
	 */
	Map<String, List<String>> ownTables() {
		return Map.of();
	}

	/**
	 * The history that is past its retention, in the order in which it is deleted.
	 * @param retention how long it is kept
	 * @return what to delete row by row
	 */
	List<OldRows> oldHistory(Duration retention) {
		return List.of(new OldRows(OLD_HISTORY, DELETE_HISTORY, Values.micros(retention)));
	}

	/**
	 * Inserts rows in the order of the arrays and returns their ids, which ascend in that
	 * order.
	 * @return the statement
	 */
	abstract String insertJobs();

	/**
	 * Like {@link #insertJobs()}, with the ids {@code :ids}, which were reserved.
	 * @return the statement
	 */
	abstract String insertReservedJobs();

	/**
	 * Makes the jobs {@code :ids}, which are locked, ready with new positions in the
	 * order of the array.
	 * @return the statement
	 */
	abstract String makeReady();

	/**
	 * Makes the jobs {@code :ids}, which are locked, due later; those that were put off
	 * rather than failed, because of {@code :reasons}.
	 * @return the statement
	 */
	abstract String postpone();

	/**
	 * Makes the jobs {@code :ids}, which are locked, wait for what {@code :reasons} say,
	 * in the state {@code :state}.
	 * @return the statement
	 */
	abstract String park();

	/**
	 * Lets the worker {@code :worker} hold the blocked jobs {@code :ids}, which are
	 * locked, by its claim {@code :claim}.
	 * @return the statement
	 */
	String takeParked() {
		return """
				update background_job_job
				set state = 0, blocked_by = null, worker = :worker, claim = :claim, claimed_at = clock_timestamp()
				where id = any (cast(:ids as bigint array))
				""";
	}

	/**
	 * Changes the keys {@code :names}, which are locked: {@code :deltas} jobs more hold
	 * each, and whether others wait for it ({@code :waiting}) and how many may hold it
	 * ({@code :permits}) unless that is null.
	 * @return the statement
	 */
	abstract String changeKeys();

	/**
	 * Lists up to {@code :limit} keys that jobs wait for and that have room. Not orders
	 * whose first job waits for anything else, as a retry: nothing would come of looking
	 * closer at them, however often, and they would be in the way of others.
	 * @return the statement
	 */
	String keysWithRoom() {
		return """
				select w.blocked_by
				from (select distinct blocked_by from background_job_job
				      where state = 3 and (blocked_by like 'limit:%' or blocked_by like 'order:%')) w
				left join background_job_key k on k.name = w.blocked_by
				left join background_job_limit l on l.name = k.limit_name and k.name like 'limit:%'
				where (k.name is null or k.running < coalesce(l.permits, greatest(k.permits, 1)))
				  and (w.blocked_by like 'limit:%' or """ + WaitingJobs.HEAD_OF_WAITING_WAITS + """
				)
				fetch first :limit rows only
				""";
	}

	/**
	 * Lists what jobs are blocked by, each once.
	 * @return the statement
	 */
	String parkedFor() {
		return """
				select distinct blocked_by from background_job_job where state = 2
				""";
	}

	/**
	 * Tells how deep queues are without reading all that they hold.
	 * @param reads runs the statements
	 * @return what reads the depths; made once, since it may remember where lanes begin
	 */
	abstract DepthReader depths(Reads reads);

	/**
	 * Tells what the database says of our tables.
	 * @param reads runs the statements
	 * @param prefix the table prefix
	 * @return what looks, or {@code null} if there is nothing to see
	 */
	@Nullable DatabaseWatch watch(Reads reads, String prefix) {
		return null;
	}

	/**
	 * Tells whether some pages of a table can be read instead of all.
	 * @return whether they can
	 */
	boolean samplesPages() {
		return false;
	}

	/**
	 * Inserts a row of the circuit breaker {@code :name}, closed, unless there is one.
	 * @return the statement
	 */
	abstract String ensureBreaker();

	/**
	 * Bounds how long a node that hangs keeps the lock of a rate, which others need.
	 * @return an expression for the statement that locks
	 */
	String boundOfRate() {
		return "null";
	}

	/**
	 * Changes the rates {@code :names}, which are locked: their {@code :permits} and the
	 * lengths {@code :pers}, what is taken ({@code :takings}), how many were let go
	 * ({@code :released}) and whether some are now ({@code :releasesNow}), and in how
	 * many microseconds the next may go ({@code :dueIns}).
	 * @return the statement
	 */
	abstract String changeRates();

	/**
	 * Inserts a row of the rate {@code :name}, of which nothing is taken, unless there is
	 * one.
	 * @return the statement
	 */
	abstract String ensureRate();

	/**
	 * Inserts the row that stands for the queue {@code :name} among its slots, unless
	 * there is one.
	 * @return the statement
	 */
	abstract String ensureFleetQueue();

	/**
	 * Inserts a row of the recurring job {@code :id}, which says that it is new and
	 * retired, unless there is one.
	 * @return the statement
	 */
	abstract String ensureRecurring();

	/**
	 * Has the database give up the transaction at hand if the node stands still in it for
	 * two seconds, where it can: another node could not let a recurring job fire as long
	 * as that holds its row.
	 * @return an expression, for one more column of what locks the row
	 */
	String boundOfFire() {
		return "null";
	}

	/**
	 * Pauses the queue {@code :name}, because of {@code :reason}; {@code :by} says so.
	 * @return the statement
	 */
	abstract String pause();

	/**
	 * Sets how many jobs of the queue {@code :name} a node runs at the same time:
	 * {@code :concurrency}.
	 * @return the statement
	 */
	abstract String setConcurrency();

	/**
	 * Sets how many jobs of the queue {@code :name} all nodes together run at the same
	 * time: {@code :concurrency}.
	 * @return the statement
	 */
	abstract String setFleetConcurrency();

	/**
	 * Sets how many jobs of a key of the limit {@code :name} may run: {@code :permits}.
	 * {@code :by} says so, because of {@code :why}.
	 * @return the statement
	 */
	abstract String setLimit();

	/**
	 * Resolves the open dead letters {@code :ids} as retried at {@code :now} by
	 * {@code :by}, because of {@code :why}: each as the job of the same place in
	 * {@code :jobs}, with the corrected payload of the same place in {@code :payloads},
	 * or null.
	 * @return the statement
	 */
	abstract String resolveAsRetried();

}
