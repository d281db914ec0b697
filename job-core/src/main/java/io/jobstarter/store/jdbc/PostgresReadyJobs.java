package io.jobstarter.store.jdbc;

import java.sql.Types;
import java.util.List;

import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.store.NewJob;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The short way of jobs that are ready at once and need nothing but an id: what all of
 * them share is sent and read once.
 */
final class PostgresReadyJobs {

	// Unlike clock_timestamp(), one time for both columns. It moves on with each
	// statement of a transaction.
	private static final String INSERT_ONE = """
			insert into background_job_job (name, queue, priority, due_at, created_at, payload, headers, tags)
			values (:name, :queue, :priority, statement_timestamp(), statement_timestamp(), :payload, :headers, :tags)
			returning id
			""";

	// A function's rows come in the order of the array: nothing there is to join or to
	// sort.
	private static final String INSERT_ALIKE = """
			insert into background_job_job (name, queue, priority, due_at, created_at, payload, headers, tags)
			select cast(:name as text), cast(:queue as text), cast(:priority as smallint),
			    statement_timestamp(), statement_timestamp(), p.payload, cast(:headers as text), cast(:tags as text)
			from unnest(cast(:payloads as text array)) p (payload)
			returning id
			""";

	private final Statements statements;

	PostgresReadyJobs(Statements statements) {
		this.statements = statements;
	}

	/**
	 * Tells whether jobs can go the short way together.
	 * @param jobs the jobs
	 * @return whether they are ready at once, have neither unique keys nor reserved ids,
	 * and differ in their payloads only
	 */
	static boolean areAlike(List<NewJob> jobs) {
		NewJob first = jobs.get(0);
		for (NewJob job : jobs) {
			if (!isPlain(job) || !isAlike(job, first)) {
				return false;
			}
		}
		return true;
	}

	private static boolean isPlain(NewJob job) {
		return job.due().equals(DueTime.NOW) && job.unique() == null && job.keys().isEmpty() && job.id() == null;
	}

	private static boolean isAlike(NewJob job, NewJob first) {
		return job.priority() == first.priority() && job.name().equals(first.name())
				&& job.queue().equals(first.queue()) && job.share() == first.share()
				&& job.headers().equals(first.headers()) && job.tags().equals(first.tags());
	}

	/**
	 * Inserts jobs that {@linkplain #areAlike are alike}.
	 * @param jobs the jobs, at least one
	 * @return what became of each
	 */
	List<Enqueued> insert(List<NewJob> jobs) {
		if (jobs.size() == 1) {
			return JobRows.enqueued(shared(INSERT_ONE, jobs.get(0)).param("payload", jobs.get(0).payload()), 1);
		}
		String[] payloads = new String[jobs.size()];
		for (int i = 0; i < payloads.length; i++) {
			payloads[i] = jobs.get(i).payload();
		}
		return JobRows.enqueued(shared(INSERT_ALIKE, jobs.get(0)).param("payloads", payloads), payloads.length);
	}

	// Types are named for the sake of null.
	private JdbcClient.StatementSpec shared(String statement, NewJob job) {
		return this.statements.of(statement)
			.param("name", job.name())
			.param("queue", StoredQueue.of(job.queue(), job.share()))
			.param("priority", (short) job.priority())
			.param("headers", Values.headers(job.headers()), Types.VARCHAR)
			.param("tags", Values.tags(job.tags()), Types.VARCHAR);
	}

}
