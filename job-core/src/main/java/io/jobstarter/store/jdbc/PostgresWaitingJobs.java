package io.jobstarter.store.jdbc;

import io.jobstarter.store.Lane;

/**
 * The jobs that wait for keys on PostgreSQL, where they are let go in one statement: with
 * a hot key, that is what each of its jobs costs.
 */
final class PostgresWaitingJobs extends WaitingJobs {

	// Materialized, for the positions follow the order in which they waited, and are to
	// be
	// taken once.
	private static final String RELEASE = """
			with waiting as materialized (
			    select * from (
			        select id, front, seq from background_job_job
			        where state = 3 and blocked_by = :name and front
			        order by seq limit :limit + 1
			        for no key update skip locked) came_back
			    union all
			    select * from (
			        select id, front, seq from background_job_job
			        where state = 3 and blocked_by = :name and not front
			        order by seq limit :limit + 1
			        for no key update skip locked) others),
			entry as materialized (
			    select id, nextval('background_job_job_seq') as seq
			    from (select id from waiting order by front desc, seq limit :limit) first),
			ready as (
			    update background_job_job j
			    set state = 0, seq = e.seq, front = true, blocked_by = null
			    from entry e
			    where j.id = e.id
			    returning j.queue, j.priority)
			select queue, priority, (select count(*) from waiting) > :limit as more from ready
			""";

	PostgresWaitingJobs(Statements statements, Dialect dialect) {
		super(statements, dialect);
	}

	@Override
	boolean releaseFirst(String name, int limit, ReleasedJobs released) {
		boolean[] more = { false };
		statements().of(RELEASE).param("name", name).param("limit", limit).query((row) -> {
			Lane lane = StoredQueue.lane(row.getString("queue"), row.getInt("priority"), true);
			released.add(lane);
			more[0] = row.getBoolean("more");
		});
		return more[0];
	}

}
