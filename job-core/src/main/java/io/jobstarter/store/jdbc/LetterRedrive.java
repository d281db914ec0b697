package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.JobId;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.Lane;
import io.jobstarter.store.RedrivenLetter;
import io.jobstarter.store.UniqueKey;
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
			insert into background_job_job (name, queue, priority, due_at, created_at, payload, headers, tags,
			    limits, order_key)
			select d.name, d.queue, d.priority, cast(:now as timestamp with time zone),
			    cast(:now as timestamp with time zone), coalesce(r.payload, d.payload), r.headers, d.tags,
			    d.limits, d.order_key
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

	private final UniqueLetters uniqueLetters;

	/**
	 * Makes what redrives letters.
	 * @param statements its statements
	 * @param enqueue enqueues in the transaction of these
	 * @param dialect the database
	 */
	LetterRedrive(Statements statements, EnqueueStore enqueue, Dialect dialect) {
		this.statements = statements;
		this.dialect = dialect;
		this.uniqueLetters = new UniqueLetters(statements, enqueue);
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
		List<Letter> plain = letters.stream().filter((letter) -> letter.unique() == null).toList();
		if (plain.size() < letters.size()) {
			redriven.addAll(redriveUnique(letters, payload, audit));
		}
		Portions.of(plain, (letter) -> letter.headers().length() + ((payload != null) ? payload.length() : 0), PORTION)
			.forEach((portion) -> redriven.addAll(redriveLocked(portion, payload, audit)));
		redriven.sort(Comparator.comparing(RedrivenLetter::letter));
		return redriven;
	}

	private List<RedrivenLetter> redriveUnique(List<Letter> letters, @Nullable String payload, Audit audit) {
		List<RedrivenLetter> redriven = this.uniqueLetters
			.enqueue(letters.stream().flatMap((letter) -> letter.keyed().stream()).toList(), payload);
		String now = now();
		resolve(redriven.stream().filter((letter) -> !letter.joined()).toList(), payload, now, audit);
		resolve(redriven.stream().filter(RedrivenLetter::joined).toList(), payload, now, UniqueLetters.joined(audit));
		return redriven;
	}

	private String now() {
		return Values.timestamp(this.statements.of(NOW).query((row, number) -> Values.instant(row, "now")).single());
	}

	private List<RedrivenLetter> redriveLocked(List<Letter> letters, @Nullable String payload, Audit audit) {
		Long[] ids = letters.stream().map(Letter::id).toArray(Long[]::new);
		String[] payloads = Collections.nCopies(ids.length, payload).toArray(String[]::new);
		String now = now();
		List<Long> jobs = insert(letters, ids, payloads, now);
		if (jobs.size() != ids.length) {
			throw new IllegalStateException(
					"In place of " + ids.length + " dead letters " + jobs.size() + " jobs were enqueued");
		}
		List<RedrivenLetter> redriven = new ArrayList<>(ids.length);
		for (int i = 0; i < ids.length; i++) {
			redriven.add(new RedrivenLetter(new JobId(ids[i]), new JobId(jobs.get(i)), letters.get(i).lane()));
		}
		resolve(redriven, payload, now, audit);
		return redriven;
	}

	private void resolve(List<RedrivenLetter> letters, @Nullable String payload, String now, Audit audit) {
		if (letters.isEmpty()) {
			return;
		}
		int resolved = this.statements.of(this.dialect.resolveAsRetried())
			.param("ids", letters.stream().map((letter) -> letter.letter().value()).toArray(Long[]::new))
			.param("jobs", letters.stream().map((letter) -> letter.job().value()).toArray(Long[]::new))
			.param("payloads", Collections.nCopies(letters.size(), payload).toArray(String[]::new))
			.param("now", now)
			.param("by", audit.by())
			.param("why", audit.why())
			.update();
		if (resolved != letters.size()) {
			throw new IllegalStateException(
					"Of " + letters.size() + " dead letters that were locked " + resolved + " were resolved");
		}
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
	 * @param headerMap the headers of the new job
	 * @param unique the unique key that the job had, if it had one
	 */
	private record Letter(long id, Lane lane, Map<String, String> headerMap, @Nullable UniqueKey unique) {

		Letter(ResultSet row, int number) throws SQLException {
			this(row.getLong("job_id"), StoredQueue.lane(row.getString("queue"), row.getInt("priority"), false),
					headers(row.getLong("job_id"), row.getString("headers")));
		}

		private Letter(long id, Lane lane, Map<String, String> headerMap) {
			this(id, lane, headerMap, UniqueKey.of(headerMap));
		}

		private static Map<String, String> headers(long id, @Nullable String json) {
			Map<String, String> headers = new LinkedHashMap<>(Values.headers(json));
			headers.put(DeadLetterRedrives.ORIGIN_HEADER, Long.toString(id));
			return headers;
		}

		String headers() {
			return Values.json(this.headerMap);
		}

		Optional<UniqueLetters.Keyed> keyed() {
			return Optional.ofNullable(this.unique)
				.map((key) -> new UniqueLetters.Keyed(this.id, this.lane, this.headerMap, key));
		}

	}

}
