package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.JobOutcome;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Settlement;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.RowMapper;

/**
 * Ends jobs that succeeded on PostgreSQL: begin, settings, locks, deletion and history
 * are one round trip.
 */
final class PostgresSuccesses extends Successes {

	/**
	 * Locks the rows by the primary key, and only then deletes them, by their places. A
	 * row that was updated between the snapshot and the lock stands elsewhere, where the
	 * snapshot does not see it: it is not deleted, and the next try meets it.
	 * <p>
	 * {@code width_bucket} is a binary search for the job in the ascending ids, and finds
	 * its claim there: a join with arrays costs as much again as the deletion, and plans
	 * that were made for few rows compare each with each. It needs no order by, for it
	 * does not wait.
	 */
	private static final String DELETE = """
			delete from background_job_job
			where ctid = any (array(
			    select j.ctid from background_job_job j
			    where j.id = any (cast(:ids as bigint array)) and j.worker = :worker
			      and j.claim = (cast(:claims as bigint array))[width_bucket(j.id, cast(:ids as bigint array))]
			    for update skip locked))
			""";

	private static final String END = DELETE + """
			returning id
			""";

	private static final String END_WITH_HISTORY = "with gone as (" + DELETE + """
			    returning id, name, queue, priority, attempt, crashes, created_at, due_at, claimed_at,
			        worker, claim, tags),
			kept as (
			    insert into background_job_history (id, name, queue, priority, state, attempts, crashes,
			        enqueued_at, due_at, started_at, finished_at, worker, claim, tags)
			    select id, name, queue, priority, 'SUCCEEDED', attempt, crashes,
			        created_at, due_at, claimed_at, clock_timestamp(), worker, claim, tags
			    from gone)
			select id from gone
			""";

	private static final Texts FIRST = new Texts(EngineTransactions.POSTGRES_SETTINGS + END,
			EngineTransactions.POSTGRES_SETTINGS + END_WITH_HISTORY);

	private static final Texts FURTHER = new Texts(END, END_WITH_HISTORY);

	private static final RowMapper<Long> ID = (row, number) -> row.getLong(1);

	private final PostgresRoundTrip roundTrip;

	PostgresSuccesses(PostgresRoundTrip roundTrip) {
		this.roundTrip = roundTrip;
	}

	@Override
	boolean areAmong(Collection<Settlement> settlements) {
		return settlements.stream().anyMatch(PostgresSuccesses::isSuccess);
	}

	@Override
	Set<Long> end(Collection<Settlement> settlements, boolean history) {
		return end(FIRST, settlements, history);
	}

	@Override
	Set<Long> endWithinTransaction(Collection<Settlement> settlements, boolean history) {
		return end(FURTHER, settlements, history);
	}

	private Set<Long> end(Texts texts, Collection<Settlement> settlements, boolean history) {
		Map<Long, List<ClaimedJob>> jobs = settlements.stream()
			.filter(PostgresSuccesses::isSuccess)
			.map(Settlement::job)
			.sorted(Comparator.comparingLong(ClaimedJob::id))
			.collect(Collectors.groupingBy((job) -> job.fence().worker()));
		Set<Long> ended = new HashSet<>();
		jobs.forEach((worker, ofWorker) -> ended.addAll(end(texts, worker, ofWorker, history)));
		return ended;
	}

	private static boolean isSuccess(Settlement settlement) {
		return settlement.outcome() instanceof JobOutcome.Succeeded;
	}

	private List<Long> end(Texts texts, long worker, List<ClaimedJob> jobs, boolean history) {
		Map<String, Object> parameters = Map.of("worker", worker, //
				"ids", jobs.stream().mapToLong(ClaimedJob::id).toArray(), //
				"claims", jobs.stream().mapToLong((job) -> job.fence().claim()).toArray());
		if (!history) {
			return this.roundTrip.query(texts.end(), parameters, ID);
		}
		try {
			return this.roundTrip.query(texts.endWithHistory(), parameters, ID);
		}
		catch (DataAccessException ex) {
			throw HistoryFailedException.of(ex);
		}
	}

	/**
	 * The statements, as the first of a transaction or as a further one.
	 *
	 * @param end deletes
	 * @param endWithHistory deletes and writes the history
	 */
	private record Texts(String end, String endWithHistory) {
	}

}
