package io.jobstarter.store.jdbc;

/**
 * H2's own statements.
 */
final class H2Dialect extends Dialect {

	private static final String INSERT = insert("", "", "");

	private static final String INSERT_RESERVED = insert("id, ", "overriding system value ",
			"cast(:ids as bigint array)[n.number], ");

	@Override
	String migrationLocation() {
		return "classpath:io/jobstarter/store/jdbc/migration/h2";
	}

	// current_timestamp stands still within a transaction. This is when the present
	// statement began.
	@Override
	String clock() {
		return "(select executing_statement_start from information_schema.sessions where session_id = session_id())";
	}

	@Override
	String returningId(String insert) {
		return "select id from final table (" + insert + ")";
	}

	@Override
	String insertJobs() {
		return INSERT;
	}

	@Override
	String insertReservedJobs() {
		return INSERT_RESERVED;
	}

	private static String insert(String idColumn, String overriding, String id) {
		return """
				select id from final table (
				insert into background_job_job (%sname, queue, priority, state, due_at, created_at,
				    payload, headers, tags, unique_key, unique_until, limits, order_key)
				%sselect %sn.name, n.queue, n.priority, case when n.due > n.now then 1 else 0 end,
				    greatest(n.due, n.now), n.now, n.payload, n.headers, n.tags, n.unique_key, n.unique_until,
				    n.limits, n.order_key
				from (select u.*, cast(:now as timestamp with time zone) as now,
				          coalesce(cast(u.due_at as timestamp with time zone),
				              cast(:now as timestamp with time zone) + u.delay * interval '0.000001' second) as due
				      from unnest(cast(:names as varchar array), cast(:queues as varchar array),
				              cast(:priorities as smallint array), cast(:dueAt as varchar array),
				              cast(:delays as bigint array), cast(:payloads as varchar array),
				              cast(:headers as varchar array), cast(:tags as varchar array),
				              cast(:uniqueKeys as varchar array), cast(:uniqueUntil as smallint array),
				              cast(:limits as varchar array), cast(:orderKeys as varchar array))
				          with ordinality as u (name, queue, priority, due_at, delay, payload, headers, tags,
				              unique_key, unique_until, limits, order_key, number)) n
				order by n.number)
				""".formatted(idColumn, overriding, id);
	}

	@Override
	String makeReady() {
		return """
				merge into background_job_job j
				using (select id from unnest(cast(:ids as bigint array)) with ordinality as i (id, number)
				       order by number) o
				on (j.id = o.id)
				when matched then update
				set state = 0, seq = default, front = :front, crashes = j.crashes + :crashes,
				    worker = null, claim = null, claimed_at = null, blocked_by = null
				""";
	}

	@Override
	String postpone() {
		return """
				merge into background_job_job j
				using (select * from unnest(cast(:ids as bigint array), cast(:failed as smallint array),
				        cast(:ruleCounts as varchar array), cast(:dueAt as varchar array),
				        cast(:delays as bigint array), cast(:reasons as varchar array))
				       as u (id, failed, rule_counts, due_at, delay, reason)) p
				on (j.id = p.id)
				when matched then update
				set state = 1, worker = null, claim = null, claimed_at = null, front = false, blocked_by = p.reason,
				    attempt = j.attempt + p.failed,
				    rule_counts = case when p.failed = 1 then p.rule_counts else j.rule_counts end,
				    due_at = coalesce(cast(p.due_at as timestamp with time zone),
				        clock_timestamp() + p.delay * interval '0.000001' second)
				""";
	}

	@Override
	String park() {
		return """
				merge into background_job_job j
				using (select * from unnest(cast(:ids as bigint array), cast(:reasons as varchar array))
				       as u (id, reason)) p
				on (j.id = p.id)
				when matched then update
				set state = :state, worker = null, claim = null, claimed_at = null, blocked_by = p.reason
				""";
	}

	@Override
	String changeKeys() {
		return """
				merge into background_job_key k
				using (select * from unnest(cast(:names as varchar array), cast(:deltas as int array),
				        cast(:waiting as smallint array), cast(:permits as int array))
				       as u (name, delta, waiting, permits)) c
				on (k.name = c.name)
				when matched then update
				set running = k.running + c.delta, waiting = coalesce(c.waiting, k.waiting),
				    permits = coalesce(c.permits, k.permits), touched_at = clock_timestamp()
				""";
	}

	@Override
	DepthReader depths(Reads reads) {
		return new H2Depths(reads);
	}

	@Override
	String ensureBreaker() {
		return """
				merge into background_job_breaker b
				using (values (cast(:name as varchar))) as n (name)
				on (b.name = n.name)
				when not matched then insert (name, state, generation, changed_by)
				values (n.name, 'CLOSED', 0, 'nobody')
				""";
	}

	@Override
	String changeRates() {
		return """
				merge into background_job_rate r
				using (select * from unnest(cast(:names as varchar array), cast(:permits as int array),
				        cast(:pers as bigint array), cast(:takings as varchar array), cast(:released as int array),
				        cast(:releasesNow as smallint array), cast(:dueIns as bigint array))
				       as u (name, permits, per_micros, taken, released, releases_now, due_in)) c
				on (r.name = c.name)
				when matched then update
				set permits = c.permits, per_micros = c.per_micros, taken = c.taken, released = c.released,
				    released_at = case when c.releases_now = 1 then clock_timestamp() else r.released_at end,
				    due_at = clock_timestamp() + c.due_in * interval '0.000001' second,
				    touched_at = clock_timestamp()
				""";
	}

	@Override
	String ensureRate() {
		return """
				merge into background_job_rate r
				using (values (cast(:name as varchar), cast(:permits as int), cast(:per as bigint)))
				    as n (name, permits, per)
				on (r.name = n.name)
				when not matched then insert (name, permits, per_micros, taken, touched_at)
				values (n.name, n.permits, n.per, '', clock_timestamp())
				""";
	}

	@Override
	String ensureRecurring() {
		return """
				merge into background_job_recurring r
				using (values (cast(:id as varchar))) as n (id)
				on (r.id = n.id)
				when not matched then insert (id, source, schedule, zone, job_name, payload, queue, priority, misfire, overlap,
				    jitter_micros, retired_at, created_at, updated_at)
				values (n.id, 'NEW', '', '', '', '{}', '', 0, 'ONCE', 'ALLOW', 0, clock_timestamp(),
				    clock_timestamp(), clock_timestamp())
				""";
	}

	@Override
	String pause() {
		return """
				merge into background_job_queue q
				using (values (cast(:name as varchar), cast(:reason as varchar), cast(:by as varchar)))
				    as n (name, reason, by_whom)
				on (q.name = n.name)
				when matched then update
				set paused_at = coalesce(q.paused_at, clock_timestamp()), pause_reason = n.reason,
				    paused_by = n.by_whom
				when not matched then insert (name, paused_at, pause_reason, paused_by)
				values (n.name, clock_timestamp(), n.reason, n.by_whom)
				""";
	}

	@Override
	String setConcurrency() {
		return """
				merge into background_job_queue q
				using (values (cast(:name as varchar), cast(:concurrency as integer))) as n (name, concurrency)
				on (q.name = n.name)
				when matched then update set concurrency = n.concurrency
				when not matched then insert (name, concurrency) values (n.name, n.concurrency)
				""";
	}

	@Override
	String setLimit() {
		return """
				merge into background_job_limit l
				using (values (cast(:name as varchar), cast(:permits as integer), cast(:by as varchar),
				        cast(:why as varchar))) as n (name, permits, by_whom, reason)
				on (l.name = n.name)
				when matched then update
				set permits = n.permits, changed_at = clock_timestamp(), changed_by = n.by_whom, reason = n.reason
				when not matched then insert (name, permits, changed_at, changed_by, reason)
				values (n.name, n.permits, clock_timestamp(), n.by_whom, n.reason)
				""";
	}

	@Override
	String resolveAsRetried() {
		return """
				merge into background_job_dead_letter d
				using (select * from unnest(cast(:ids as bigint array), cast(:jobs as bigint array),
				        cast(:payloads as varchar array)) as u (id, job, payload)) r
				on (d.job_id = r.id and d.resolved_at is null)
				when matched then update
				set resolved_at = cast(:now as timestamp with time zone),
				    retried_at = cast(:now as timestamp with time zone), retried_as = r.job,
				    corrected_payload = r.payload, resolved_by = :by, resolved_reason = :why, callback_due = null
				""";
	}

}
