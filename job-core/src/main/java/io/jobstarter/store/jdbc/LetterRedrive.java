package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.JobId;
import io.jobstarter.store.Lane;
import io.jobstarter.store.RedrivenLetter;
import org.jspecify.annotations.Nullable;

/**
 * Enqueues jobs in place of open dead letters and resolves these, in the transaction of
 * the calling thread. Letters are locked in the order of their ids, whoever redrives
 * them: who comes second waits, and finds them resolved. Payloads do not leave the
 * database.
 */
final class LetterRedrive {

	private static final String LOCK = """
			select job_id, queue, priority, headers from background_job_dead_letter
			where job_id = any (cast(:ids as bigint array)) and resolved_at is null
			order by job_id
			for update
			""";

	private static final String LOCK_FREE = LOCK.stripTrailing() + " skip locked\n";

	private static final String STILL_OPEN = """
			select job_id from background_job_dead_letter
			where job_id = any (cast(:ids as bigint array)) and resolved_at is null
			order by job_id
			""";

	// Told apart: in a statement of many rows H2 would look at its clock for each.
	private static final String NOW = """
			select clock_timestamp() as now
			""";

	private static final String INSERT = """
			insert into background_job_job (name, queue, priority, due_at, created_at, payload, headers, tags)
			select d.name, d.queue, d.priority, cast(:now as timestamp with time zone),
			    cast(:now as timestamp with time zone), coalesce(r.payload, d.payload), r.headers, d.tags
			from unnest(cast(:ids as bigint array), cast(:headers as varchar array),
			        cast(:payloads as varchar array))
			    as r (id, headers, payload)
			join background_job_dead_letter d on d.job_id = r.id
			order by d.job_id
			""";

	/** How many characters go into one statement, unless they are one letter's. */
	private static final int PORTION = 500_000;

	private final Statements statements;

	private final Dialect dialect;

	LetterRedrive(Statements statements, Dialect dialect) {
		this.statements = statements;
		this.dialect = dialect;
	}

	/**
	 * Redrives those of some letters that are open.
	 * @param ids the ids of the jobs that died
	 * @param payload the payload of the new jobs, or {@code null} for that of each letter
	 * @param audit who does it, and why
	 * @return the new jobs, by ascending id of the letter
	 */
	List<RedrivenLetter> redrive(Collection<Long> ids, @Nullable String payload, Audit audit) {
		return redrive(LOCK, ids, payload, audit);
	}

	/**
	 * Redrives those of some letters that are open and that no other transaction holds:
	 * one of a person may last.
	 * @param ids the ids of the jobs that died
	 * @param audit who does it, and why
	 * @return the new jobs, by ascending id of the letter
	 */
	List<RedrivenLetter> redriveFree(Collection<Long> ids, Audit audit) {
		return redrive(LOCK_FREE, ids, null, audit);
	}

	/**
	 * Tells which of some letters are open, as far as is committed.
	 * @param ids the ids of the jobs that died
	 * @return the ids of those that are, ascending
	 */
	List<Long> stillOpen(Collection<Long> ids) {
		return this.statements.of(STILL_OPEN).param("ids", Values.ids(ids)).query(Long.class).list();
	}

	private List<RedrivenLetter> redrive(String lock, Collection<Long> ids, @Nullable String payload, Audit audit) {
		if (ids.isEmpty()) {
			return List.of();
		}
		List<Letter> letters = this.statements.of(lock).param("ids", Values.ids(ids)).query(Letter::new).list();
		List<RedrivenLetter> redriven = new ArrayList<>(letters.size());
		Portions
			.of(letters, (letter) -> letter.headers().length() + ((payload != null) ? payload.length() : 0), PORTION)
			.forEach((portion) -> redriven.addAll(redriveLocked(portion, payload, audit)));
		return redriven;
	}

	private List<RedrivenLetter> redriveLocked(List<Letter> letters, @Nullable String payload, Audit audit) {
		Long[] ids = letters.stream().map(Letter::id).toArray(Long[]::new);
		String[] payloads = Collections.nCopies(ids.length, payload).toArray(String[]::new);
		String now = Values
			.timestamp(this.statements.of(NOW).query((row, number) -> Values.instant(row, "now")).single());
		List<Long> jobs = insert(letters, ids, payloads, now);
		int resolved = this.statements.of(this.dialect.resolveAsRetried())
			.param("ids", ids)
			.param("jobs", Values.ids(jobs))
			.param("payloads", payloads)
			.param("now", now)
			.param("by", audit.by())
			.param("why", audit.why())
			.update();
		if (jobs.size() != ids.length || resolved != ids.length) {
			throw new IllegalStateException("Of " + ids.length + " dead letters that were locked " + resolved
					+ " were resolved and " + jobs.size() + " enqueued again");
		}
		List<RedrivenLetter> redriven = new ArrayList<>(ids.length);
		for (int i = 0; i < ids.length; i++) {
			redriven.add(new RedrivenLetter(new JobId(ids[i]), new JobId(jobs.get(i)), letters.get(i).lane()));
		}
		return redriven;
	}

	// Ids ascend in the order of the letters, in whatever order they are returned.
	private List<Long> insert(List<Letter> letters, Long[] ids, String[] payloads, String now) {
		return this.statements.of(this.dialect.returningId(INSERT))
			.param("ids", ids)
			.param("now", now)
			.param("headers", letters.stream().map(Letter::headers).toArray(String[]::new))
			.param("payloads", payloads)
			.query(Long.class)
			.list()
			.stream()
			.sorted()
			.toList();
	}

	/**
	 * A letter that is locked.
	 *
	 * @param id the id of the job that died
	 * @param lane where the new job goes
	 * @param headers the headers of the new job
	 */
	private record Letter(long id, Lane lane, String headers) {

		Letter(ResultSet row, int number) throws SQLException {
			this(row.getLong("job_id"), StoredQueue.lane(row.getString("queue"), row.getInt("priority"), false),
					headers(row.getLong("job_id"), row.getString("headers")));
		}

		private static String headers(long id, @Nullable String json) {
			Map<String, String> headers = new LinkedHashMap<>(Values.headers(json));
			headers.put(DeadLetterRedrives.ORIGIN_HEADER, Long.toString(id));
			return Values.json(headers);
		}

	}

}
