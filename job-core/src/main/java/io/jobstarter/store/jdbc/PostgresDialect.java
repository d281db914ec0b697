package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.jobstarter.store.DatabaseWatch;

/**
 * PostgreSQL's own statements.
 */
final class PostgresDialect extends Dialect {

	private static final String UNLESS_RECORDED = """
			where not exists (select 1 from background_job_history h where h.id = e.id)
			""";

	private static final String OLD_HISTORY_WITHOUT_A_DAY = """
			select id from background_job_history_default
			where finished_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			order by finished_at fetch first :limit rows only
			for update skip locked
			""";

	private static final String DELETE_HISTORY_WITHOUT_A_DAY = """
			delete from background_job_history_default where id = any (cast(:ids as bigint array))
			""";

	// In no order, which would read a day as a whole for each batch.
	private static final String OLD_HISTORY = """
			select id from background_job_history
			where finished_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			fetch first :limit rows only
			for update skip locked
			""";

	// The time keeps it from looking into the other days.
	private static final String DELETE_HISTORY = """
			delete from background_job_history
			where id = any (cast(:ids as bigint array))
			  and finished_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			""";

	private static final Duration DAY = Duration.ofDays(1);

	// A day is dropped when its last row is past the retention. An hour later something
	// keeps it from being dropped, if it is there.
	private static final Duration UNTIL_DROPPED = DAY.plusHours(1);

	@Override
	String migrationLocation() {
		return "classpath:io/jobstarter/store/jdbc/migration/postgresql";
	}

	@Override
	boolean locksInSubqueries() {
		return true;
	}

	@Override
	String clock() {
		return "clock_timestamp()";
	}

	// What the history has of an id is not looked for in every day: a job is recorded in
	// the transaction that deletes its row, which only one can.
	@Override
	String translate(String statement) {
		return super.translate(statement).replace(UNLESS_RECORDED, "");
	}

	@Override
	WaitingJobs waitingJobs(Statements statements) {
		return new PostgresWaitingJobs(statements, this);
	}

	@Override
	Map<String, List<String>> ownTables() {
		return Map.of("background_job_history_default", List.of("id", "finished_at", "before_days"));
	}

	// Days are dropped, unless that would keep them for more than twice as long.
	@Override
	List<OldRows> oldHistory(Duration retention) {
		long age = Values.micros(retention);
		long leftOver = (retention.compareTo(DAY) < 0) ? age : age + Values.micros(UNTIL_DROPPED);
		return List.of(new OldRows(OLD_HISTORY_WITHOUT_A_DAY, DELETE_HISTORY_WITHOUT_A_DAY, age),
				new OldRows(OLD_HISTORY, DELETE_HISTORY, leftOver));
	}

	// Should the commit never arrive, nobody else could have the job until the server
	// notices that the node has gone: hours, by default. The application's own choice
	// holds.
	@Override
	String deleteHeld() {
		return """
				delete from background_job_job
				where id = :id and worker = :worker and claim = :claim
				  and set_config('idle_in_transaction_session_timeout',
				      case current_setting('idle_in_transaction_session_timeout') when '0' then '20s'
				          else current_setting('idle_in_transaction_session_timeout') end, true) is not null
				""";
	}

	@Override
	String returningId(String insert) {
		return insert + " returning id";
	}

	@Override
	String insertJobs() {
		return Insert.PLAIN + Insert.RETURNING_ID;
	}

	@Override
	String insertReservedJobs() {
		return Insert.RESERVED + Insert.RETURNING_ID;
	}

	/**
	 * Takes {@code :count} ids.
	 * @return the statement
	 */
	String reserveIds() {
		return """
				select nextval(pg_get_serial_sequence('background_job_job', 'id')) from generate_series(1, :count)
				""";
	}

	/**
	 * Like {@link #insertJobs()}, where some jobs have unique keys. A job that holds a
	 * key is touched and returned in place of the new one; {@code duplicates} tells them
	 * apart. {@code do nothing} would neither wait for an inserter whose transaction may
	 * yet roll back nor return the holder.
	 * @param reserved whether the jobs have the ids {@code :ids}
	 * @return the statement
	 */
	String insertUniqueJobs(boolean reserved) {
		return (reserved ? Insert.RESERVED : Insert.PLAIN) + """
				 on conflict (unique_key) where unique_key is not null
				do update set unique_key = excluded.unique_key, duplicates = j.duplicates + 1
				returning id, unique_key, duplicates > 0 as duplicate
				""";
	}

	// The sort stands below the call of nextval: positions follow the array.
	// Materialized,
	// for a plan may read what it joins once for each job, and each time with new
	// positions.
	@Override
	String makeReady() {
		return """
				with entry as materialized (
				    select id, nextval('background_job_job_seq') as seq
				    from (select id from unnest(cast(:ids as bigint array)) with ordinality i (id, number)
				          order by number) sorted)
				update background_job_job j
				set state = 0, seq = e.seq, front = :front, crashes = j.crashes + :crashes,
				    worker = null, claim = null, claimed_at = null, blocked_by = null
				from entry e
				where j.id = e.id
				""";
	}

	@Override
	String postpone() {
		return """
				update background_job_job j
				set state = 1, worker = null, claim = null, claimed_at = null, front = false, blocked_by = p.reason,
				    attempt = j.attempt + p.failed,
				    rule_counts = case when p.failed = 1 then p.rule_counts else j.rule_counts end,
				    due_at = coalesce(cast(p.due_at as timestamp with time zone),
				        clock_timestamp() + p.delay * interval '0.000001' second)
				from unnest(cast(:ids as bigint array), cast(:failed as smallint array),
				        cast(:ruleCounts as varchar array), cast(:dueAt as varchar array),
				        cast(:delays as bigint array), cast(:reasons as varchar array))
				    p (id, failed, rule_counts, due_at, delay, reason)
				where j.id = p.id
				""";
	}

	@Override
	String park() {
		return """
				update background_job_job j
				set state = :state, worker = null, claim = null, claimed_at = null, blocked_by = p.reason
				from unnest(cast(:ids as bigint array), cast(:reasons as varchar array)) p (id, reason)
				where j.id = p.id
				""";
	}

	@Override
	String changeKeys() {
		return """
				update background_job_key k
				set running = k.running + c.delta, waiting = coalesce(c.waiting, k.waiting),
				    permits = coalesce(c.permits, k.permits), touched_at = clock_timestamp()
				from unnest(cast(:names as varchar array), cast(:deltas as int array),
				        cast(:waiting as smallint array), cast(:permits as int array))
				    c (name, delta, waiting, permits)
				where k.name = c.name
				""";
	}

	// A loose index scan: one probe for each, however many jobs wait for it.
	@Override
	String parkedFor() {
		return """
				with recursive parked as (
				    (select blocked_by from background_job_job
				     where state = 2 and blocked_by is not null
				     order by blocked_by limit 1)
				    union all
				    select n.blocked_by from parked p
				    cross join lateral (
				        select blocked_by from background_job_job
				        where state = 2 and blocked_by > p.blocked_by
				        order by blocked_by limit 1) n)
				select blocked_by from parked
				""";
	}

	// A loose index scan, too.
	@Override
	String keysWithRoom() {
		return """
				with recursive waiting as (
				    (select blocked_by from background_job_job
				     where state = 3 and blocked_by is not null
				     order by blocked_by limit 1)
				    union all
				    select n.blocked_by from waiting w
				    cross join lateral (
				        select blocked_by from background_job_job
				        where state = 3 and blocked_by > w.blocked_by
				        order by blocked_by limit 1) n)
				select w.blocked_by from waiting w
				left join background_job_key k on k.name = w.blocked_by
				left join background_job_limit l on l.name = k.limit_name and k.name like 'limit:%'
				where (k.name is null or k.running < coalesce(l.permits, greatest(k.permits, 1)))
				  and (w.blocked_by like 'limit:%' or w.blocked_by like 'order:%' and """
				+ WaitingJobs.HEAD_OF_WAITING_WAITS + """
						)
						limit :limit
						""";
	}

	@Override
	boolean samplesPages() {
		return true;
	}

	@Override
	DatabaseWatch watch(Reads reads, String prefix) {
		return new PostgresWatch(reads, Schema.names(), prefix);
	}

	@Override
	DepthReader depths(Reads reads) {
		return new PostgresDepths(reads);
	}

	@Override
	String ensureBreaker() {
		return """
				insert into background_job_breaker (name, state, generation, changed_by)
				values (:name, 'CLOSED', 0, 'nobody')
				on conflict (name) do nothing
				""";
	}

	@Override
	String boundOfRate() {
		return "set_config('idle_in_transaction_session_timeout', '5s', true)";
	}

	@Override
	String changeRates() {
		return """
				update background_job_rate r
				set permits = c.permits, per_micros = c.per_micros, taken = c.taken, released = c.released,
				    released_at = case when c.releases_now = 1 then clock_timestamp() else r.released_at end,
				    due_at = clock_timestamp() + c.due_in * interval '0.000001' second,
				    touched_at = clock_timestamp()
				from unnest(cast(:names as varchar array), cast(:permits as int array), cast(:pers as bigint array),
				        cast(:takings as varchar array), cast(:released as int array),
				        cast(:releasesNow as smallint array), cast(:dueIns as bigint array))
				    c (name, permits, per_micros, taken, released, releases_now, due_in)
				where r.name = c.name
				""";
	}

	@Override
	String ensureRate() {
		return """
				insert into background_job_rate (name, permits, per_micros, taken, touched_at)
				values (:name, :permits, :per, '', clock_timestamp())
				on conflict (name) do nothing
				""";
	}

	@Override
	String ensureFleetQueue() {
		return """
				insert into background_job_fleet_slots (name, worker, slots, turn, wanted, since)
				values (:name, 0, 0, 0, 0, clock_timestamp())
				on conflict (name, worker) do nothing
				""";
	}

	@Override
	String ensureRecurring() {
		return """
				insert into background_job_recurring (id, source, schedule, zone, job_name, payload, queue, priority, misfire, overlap,
				    jitter_micros, retired_at, created_at, updated_at)
				values (:id, 'NEW', '', '', '', '{}', '', 0, 'ONCE', 'ALLOW', 0, clock_timestamp(),
				    clock_timestamp(), clock_timestamp())
				on conflict (id) do nothing
				""";
	}

	@Override
	String boundOfFire() {
		return "set_config('idle_in_transaction_session_timeout', '2s', true)";
	}

	@Override
	String pause() {
		return """
				insert into background_job_queue as q (name, paused_at, pause_reason, paused_by)
				values (:name, clock_timestamp(), :reason, :by)
				on conflict (name) do update
				set paused_at = coalesce(q.paused_at, excluded.paused_at), pause_reason = excluded.pause_reason,
				    paused_by = excluded.paused_by
				""";
	}

	@Override
	String setConcurrency() {
		return """
				insert into background_job_queue (name, concurrency) values (:name, :concurrency)
				on conflict (name) do update set concurrency = excluded.concurrency
				""";
	}

	@Override
	String setFleetConcurrency() {
		return """
				insert into background_job_queue (name, fleet_concurrency) values (:name, :concurrency)
				on conflict (name) do update set fleet_concurrency = excluded.fleet_concurrency
				""";
	}

	@Override
	String setLimit() {
		return """
				insert into background_job_limit (name, permits, changed_at, changed_by, reason)
				values (:name, :permits, clock_timestamp(), :by, :why)
				on conflict (name) do update
				set permits = excluded.permits, changed_at = excluded.changed_at, changed_by = excluded.changed_by,
				    reason = excluded.reason
				""";
	}

	@Override
	String resolveAsRetried() {
		return """
				update background_job_dead_letter d
				set resolved_at = cast(:now as timestamp with time zone),
				    retried_at = cast(:now as timestamp with time zone), retried_as = r.job,
				    corrected_payload = r.payload, resolved_by = :by, resolved_reason = :why,
				    callback_due = null
				from unnest(cast(:ids as bigint array), cast(:jobs as bigint array), cast(:payloads as varchar array))
				    r (id, job, payload)
				where d.job_id = r.id and d.resolved_at is null
				""";
	}

	/**
	 * What the inserts share.
	 */
	private static final class Insert {

		static final String PLAIN = insert("", "", "");

		static final String RESERVED = insert("id, ", "overriding system value ",
				"(cast(:ids as bigint array))[n.number], ");

		static final String RETURNING_ID = " returning id";

		private static String insert(String idColumn, String overriding, String id) {
			return """
					insert into background_job_job as j (%sname, queue, priority, state, due_at, created_at,
					    payload, headers, tags, unique_key, unique_until, limits, order_key)
					%sselect %sn.name, n.queue, n.priority, case when n.due > n.now then 1 else 0 end,
					    greatest(n.due, n.now), n.now, n.payload, n.headers, n.tags, n.unique_key, n.unique_until,
					    n.limits, n.order_key
					from (select u.*, t.now, coalesce(cast(u.due_at as timestamp with time zone),
					          t.now + u.delay * interval '0.000001' second) as due
					      from unnest(cast(:names as varchar array), cast(:queues as varchar array),
					              cast(:priorities as smallint array), cast(:dueAt as varchar array),
					              cast(:delays as bigint array), cast(:payloads as varchar array),
					              cast(:headers as varchar array), cast(:tags as varchar array),
					              cast(:uniqueKeys as varchar array), cast(:uniqueUntil as smallint array),
					              cast(:limits as varchar array), cast(:orderKeys as varchar array))
					          with ordinality u (name, queue, priority, due_at, delay, payload, headers, tags,
					              unique_key, unique_until, limits, order_key, number)
					      cross join (select clock_timestamp() as now) t) n
					order by n.number
					""".formatted(idColumn, overriding, id);
		}

	}

}
