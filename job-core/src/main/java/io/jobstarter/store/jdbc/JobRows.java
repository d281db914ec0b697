package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.LimitKey;
import io.jobstarter.UniqueUntil;
import io.jobstarter.store.NewJob;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.IncorrectResultSizeDataAccessException;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * New jobs as the array parameters of an insert.
 */
final class JobRows {

	private JobRows() {
	}

	static Map<String, @Nullable Object> parameters(List<NewJob> jobs) {
		return Map.ofEntries(Map.entry("ids", jobs.stream().map(NewJob::id).toArray(Long[]::new)),
				Map.entry("names", strings(jobs, NewJob::name)),
				Map.entry("queues", strings(jobs, (job) -> StoredQueue.of(job.queue(), job.share()))),
				Map.entry("priorities", jobs.stream().map((job) -> (short) job.priority()).toArray(Short[]::new)),
				Map.entry("dueAt", strings(jobs, (job) -> Values.dueAt(job.due()))),
				Map.entry("delays", jobs.stream().map((job) -> Values.delay(job.due())).toArray(Long[]::new)),
				Map.entry("payloads", strings(jobs, NewJob::payload)),
				Map.entry("headers", strings(jobs, (job) -> Values.headers(job.headers()))),
				Map.entry("tags", strings(jobs, (job) -> Values.tags(job.tags()))),
				Map.entry("uniqueKeys", strings(jobs, JobRows::uniqueKey)),
				Map.entry("limits", strings(jobs, (job) -> LimitKey.format(job.keys()))),
				Map.entry("orderKeys", strings(jobs, (job) -> LimitKey.orderOf(job.keys()))),
				Map.entry("uniqueUntil", jobs.stream().map(JobRows::uniqueUntil).toArray(Short[]::new)));
	}

	/**
	 * Runs an insert of jobs without unique keys.
	 * @param insert the statement, which returns their ids
	 * @param count how many jobs
	 * @return what became of each, in the order of the ids
	 */
	static List<Enqueued> enqueued(JdbcClient.StatementSpec insert, int count) {
		ResultSetExtractor<long[]> reader = (rows) -> ids(rows, count);
		long[] ids = insert.query(reader);
		Arrays.sort(ids);
		List<Enqueued> enqueued = new ArrayList<>(count);
		for (long id : ids) {
			enqueued.add(new Enqueued(new JobId(id), false));
		}
		return enqueued;
	}

	private static long[] ids(ResultSet rows, int count) throws SQLException {
		long[] ids = new long[count];
		for (int i = 0; i < count; i++) {
			if (!rows.next()) {
				throw new IncorrectResultSizeDataAccessException("Not every job was inserted", count, i);
			}
			ids[i] = rows.getLong(1);
		}
		return ids;
	}

	static boolean haveIds(List<NewJob> jobs) {
		return !jobs.isEmpty() && jobs.get(0).id() != null;
	}

	static @Nullable String uniqueKey(NewJob job) {
		return (job.unique() != null) ? job.unique().hash() : null;
	}

	private static @Nullable Short uniqueUntil(NewJob job) {
		if (job.unique() == null) {
			return null;
		}
		return (short) ((job.unique().until() == UniqueUntil.FINISHED) ? 1 : 0);
	}

	private static @Nullable String[] strings(List<NewJob> jobs, Function<NewJob, @Nullable String> value) {
		return jobs.stream().map(value).toArray(String[]::new);
	}

}
