package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Map;

import io.jobstarter.store.DatabaseWatch;

/**
 * MariaDB's own statements.
 */
final class MariaDbDialect extends Dialect {

	@Override
	String migrationLocation() {
		return "classpath:io/jobstarter/store/jdbc/migration/mariadb";
	}

	@Override
	boolean migrationIsRepeatable() {
		return true;
	}

	@Override
	String clock() {
		return MariaDbText.CLOCK;
	}

	@Override
	String translate(String statement) {
		return MariaDbText.of(statement);
	}

	@Override
	String returningId(String insert) {
		return insert + " returning id";
	}

	@Override
	UniqueKeys uniqueKeys(Statements statements) {
		return new MariaDbUniqueKeys(statements);
	}

	@Override
	Map<String, List<String>> ownTables() {
		return Map.of("background_job_key_lock", List.of("id"), "background_job_unique_key",
				List.of("unique_key", "job_id"));
	}

	@Override
	String insertJobs() {
		return InsertStatement.of(false);
	}

	@Override
	String insertReservedJobs() {
		return InsertStatement.of(true);
	}

	// Rows are read, and changed, in the order of the array: so are positions taken.
	@Override
	String makeReady() {
		return """
				update json_table(:rows.ids, '$[*]' columns (id bigint path '$[0]')) o
				straight_join background_job_job j force index (primary) on j.id = o.id
				set j.state = 0, j.seq = nextval(background_job_job_seq), j.front = :front,
				    j.crashes = j.crashes + :crashes,
				    j.worker = null, j.claim = null, j.claimed_at = null, j.blocked_by = null
				""";
	}

	@Override
	String postpone() {
		return """
				update json_table(:rows.ids.failed.ruleCounts.dueAt.delays.reasons, '$[*]' columns (
				    id bigint path '$[0]', failed smallint path '$[1]',
				    rule_counts longtext character set utf8mb4 path '$[2]',
				    due_at varchar(50) path '$[3]', delay bigint path '$[4]',
				    reason varchar(400) character set utf8mb4 path '$[5]')) p
				straight_join background_job_job j force index (primary) on j.id = p.id
				set j.state = 1, j.worker = null, j.claim = null, j.claimed_at = null, j.front = false,
				    j.blocked_by = p.reason, j.attempt = j.attempt + p.failed,
				    j.rule_counts = case when p.failed = 1 then p.rule_counts else j.rule_counts end,
				    j.due_at = coalesce(cast(trim(trailing 'Z' from p.due_at) as datetime(6)),
				        utc_timestamp(6) + interval p.delay microsecond)
				""";
	}

	@Override
	String park() {
		return """
				update json_table(:rows.ids.reasons, '$[*]' columns (
				    id bigint path '$[0]', reason varchar(400) character set utf8mb4 path '$[1]')) p
				straight_join background_job_job j force index (primary) on j.id = p.id
				set j.state = :state, j.worker = null, j.claim = null, j.claimed_at = null, j.blocked_by = p.reason
				""";
	}

	@Override
	String changeKeys() {
		return """
				update json_table(:rows.names.deltas.waiting.permits, '$[*]' columns (
				    name varchar(400) character set utf8mb4 path '$[0]', delta integer path '$[1]',
				    waiting smallint path '$[2]', permits integer path '$[3]')) c
				straight_join background_job_key k force index (primary)
				  on k.name = c.name collate utf8mb4_nopad_bin
				set k.running = k.running + c.delta, k.waiting = coalesce(c.waiting, k.waiting),
				    k.permits = coalesce(c.permits, k.permits), k.touched_at = utc_timestamp(6)
				""";
	}

	@Override
	String takeParked() {
		return """
				update background_job_job force index (primary)
				set state = 0, blocked_by = null, worker = :worker, claim = :claim, claimed_at = utc_timestamp(6)
				where id in (:ids)
				""";
	}

	@Override
	DatabaseWatch watch(Reads reads, String prefix) {
		return new MariaDbWatch(reads, Schema.names(), prefix);
	}

	@Override
	DepthReader depths(Reads reads) {
		return new MariaDbDepths(reads);
	}

	@Override
	String ensureBreaker() {
		return """
				insert into background_job_breaker (name, state, generation, changed_by)
				values (:name, 'CLOSED', 0, 'nobody')
				on duplicate key update generation = generation
				""";
	}

	@Override
	String changeRates() {
		return """
				update json_table(:rows.names.permits.pers.takings.released.releasesNow.dueIns, '$[*]' columns (
				    name varchar(400) character set utf8mb4 path '$[0]', permits integer path '$[1]',
				    per_micros bigint path '$[2]', taken varchar(2000) character set utf8mb4 path '$[3]',
				    released integer path '$[4]', releases_now smallint path '$[5]', due_in bigint path '$[6]')) c
				straight_join background_job_rate r force index (primary)
				  on r.name = c.name collate utf8mb4_nopad_bin
				set r.permits = c.permits, r.per_micros = c.per_micros, r.taken = c.taken, r.released = c.released,
				    r.released_at = case when c.releases_now = 1 then utc_timestamp(6) else r.released_at end,
				    r.due_at = utc_timestamp(6) + interval c.due_in microsecond, r.touched_at = utc_timestamp(6)
				""";
	}

	@Override
	String ensureRate() {
		return """
				insert into background_job_rate (name, permits, per_micros, taken, touched_at)
				values (:name, :permits, :per, '', utc_timestamp(6))
				on duplicate key update name = background_job_rate.name
				""";
	}

	@Override
	String ensureRecurring() {
		return """
				insert into background_job_recurring (id, source, schedule, zone, job_name, payload, queue, priority, misfire, overlap,
				    jitter_micros, retired_at, created_at, updated_at)
				values (:id, 'NEW', '', '', '', '{}', '', 0, 'ONCE', 'ALLOW', 0, utc_timestamp(6),
				    utc_timestamp(6), utc_timestamp(6))
				on duplicate key update id = background_job_recurring.id
				""";
	}

	@Override
	String pause() {
		return """
				insert into background_job_queue (name, paused_at, pause_reason, paused_by)
				values (:name, utc_timestamp(6), :reason, :by)
				on duplicate key update
				paused_at = coalesce(paused_at, value(paused_at)), pause_reason = value(pause_reason),
				paused_by = value(paused_by)
				""";
	}

	@Override
	String setConcurrency() {
		return """
				insert into background_job_queue (name, concurrency) values (:name, :concurrency)
				on duplicate key update concurrency = value(concurrency)
				""";
	}

	@Override
	String setLimit() {
		return """
				insert into background_job_limit (name, permits, changed_at, changed_by, reason)
				values (:name, :permits, utc_timestamp(6), :by, :why)
				on duplicate key update
				permits = value(permits), changed_at = value(changed_at), changed_by = value(changed_by),
				reason = value(reason)
				""";
	}

	@Override
	String resolveAsRetried() {
		return """
				update json_table(:rows.ids.jobs.payloads, '$[*]' columns (
				    id bigint path '$[0]', job bigint path '$[1]',
				    payload longtext character set utf8mb4 path '$[2]')) r
				straight_join background_job_dead_letter d force index (primary) on d.job_id = r.id
				set d.resolved_at = cast(:now as timestamp with time zone),
				    d.retried_at = cast(:now as timestamp with time zone), d.retried_as = r.job,
				    d.corrected_payload = r.payload, d.resolved_by = :by, d.resolved_reason = :why,
				    d.callback_due = null
				where d.resolved_at is null
				""";
	}

	/**
	 * What the inserts share.
	 */
	private static final class InsertStatement {

		private static final String INSERT = """
				insert into background_job_job (%sname, queue, priority, state, due_at, created_at,
				    payload, headers, tags, unique_key, unique_until, limits, order_key)
				select %sn.name, n.queue, n.priority, case when n.due > n.now then 1 else 0 end,
				    greatest(n.due, n.now), n.now, n.payload, n.headers, n.tags, n.unique_key, n.unique_until,
				    n.limits, n.order_key
				from (select u.*, t.now, coalesce(cast(trim(trailing 'Z' from u.due_at) as datetime(6)),
				          t.now + interval u.delay microsecond) as due
				      from json_table(
				          :rows.names.queues.priorities.dueAt.delays.payloads.headers.tags.uniqueKeys.uniqueUntil.ids.limits.orderKeys,
				          '$[*]' columns (number for ordinality,
				              name longtext character set utf8mb4 path '$[0]',
				              queue longtext character set utf8mb4 path '$[1]',
				              priority smallint path '$[2]', due_at varchar(50) path '$[3]',
				              delay bigint path '$[4]', payload longtext character set utf8mb4 path '$[5]',
				              headers longtext character set utf8mb4 path '$[6]',
				              tags longtext character set utf8mb4 path '$[7]',
				              unique_key varchar(64) character set utf8mb4 path '$[8]',
				              unique_until smallint path '$[9]', id bigint path '$[10]',
				              limits longtext character set utf8mb4 path '$[11]',
				              order_key varchar(400) character set utf8mb4 path '$[12]')) u
				      cross join (select utc_timestamp(6) as now) t) n
				order by n.number
				returning id
				""";

		static String of(boolean reserved) {
			return reserved ? INSERT.formatted("id, ", "n.id, ") : INSERT.formatted("", "");
		}

	}

}
