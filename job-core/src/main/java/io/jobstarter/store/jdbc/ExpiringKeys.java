package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.store.NewJob;

import org.springframework.dao.ConcurrencyFailureException;

/**
 * Unique keys that are held for a time, whatever becomes of the job: rows of
 * {@code expiring_key}, by primary key. Who wants one that is not held makes its row if
 * there is none, and locks it, in the order of the keys; then it decides. A row that has
 * expired is taken as it is. Most that ask meet a key that is held, and these just read.
 * <p>
 * A key is free as well once its job is dead, or was cancelled or discarded: the dead
 * letters and the history tell.
 */
final class ExpiringKeys {

	private static final int ATTEMPTS = 100;

	private static final String HELD = """
			select k.unique_key, k.job_id from background_job_expiring_key k
			where k.unique_key = any (cast(:keys as varchar array)) and k.expires_at > clock_timestamp()
			and not exists (select 1 from background_job_dead_letter d where d.job_id = k.job_id)
			and not exists (select 1 from background_job_history h
			                where h.id = k.job_id and h.state <> 'SUCCEEDED')
			""";

	// Nothing but the rows of the keys: what else it would read it would lock.
	private static final String LOCK = """
			select unique_key, job_id, case when expires_at > clock_timestamp() then 1 else 0 end as held
			from background_job_expiring_key
			where unique_key = any (cast(:keys as varchar array))
			order by unique_key
			for update
			""";

	private static final String ENDED = """
			select j.id from (
			    select job_id as id from background_job_dead_letter where job_id = any (cast(:ids as bigint array))
			    union all
			    select id from background_job_history
			    where id = any (cast(:ids as bigint array)) and state <> 'SUCCEEDED') j
			""";

	private static final String TAKE = """
			update background_job_expiring_key
			set job_id = :job, expires_at = clock_timestamp() + cast(:ttl as bigint) * interval '0.000001' second
			where unique_key = :key
			""";

	private final JdbcEnqueueStore store;

	ExpiringKeys(JdbcEnqueueStore store) {
		this.store = store;
	}

	/**
	 * Inserts jobs whose keys are free.
	 * @param jobs the jobs, each key once and in ascending order
	 * @return what became of each, by key
	 */
	Map<String, Enqueued> insert(List<NewJob> jobs) {
		if (jobs.isEmpty()) {
			return Map.of();
		}
		Map<String, Enqueued> results = held(jobs.stream().map(KeyedJobs::key).toList());
		List<NewJob> rest = without(results.keySet(), jobs);
		if (!rest.isEmpty()) {
			results.putAll(lock(rest.stream().map(KeyedJobs::key).toList()));
			take(without(results.keySet(), rest), results);
		}
		return results;
	}

	private Map<String, Enqueued> held(List<String> keys) {
		Map<String, Enqueued> held = new HashMap<>();
		this.store.statements().of(HELD).param("keys", keys.toArray(String[]::new)).query((row) -> {
			held.put(row.getString("unique_key"), new Enqueued(new JobId(row.getLong("job_id")), true));
		});
		return held;
	}

	private static List<NewJob> without(Set<String> keys, List<NewJob> jobs) {
		return jobs.stream().filter((job) -> !keys.contains(KeyedJobs.key(job))).toList();
	}

	// A row that has expired may be tidied away before it is locked.
	private Map<String, Enqueued> lock(List<String> keys) {
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			this.store.ensureExpiringKeys(keys);
			List<KeyRow> rows = lockRows(keys);
			if (rows.size() == keys.size()) {
				return holders(rows);
			}
		}
		throw new ConcurrencyFailureException("A unique key that expires is tidied away again and again");
	}

	private List<KeyRow> lockRows(List<String> keys) {
		return this.store.current(LOCK)
			.param("keys", keys.toArray(String[]::new))
			.query((row, number) -> new KeyRow(row.getString("unique_key"), row.getLong("job_id"),
					row.getInt("held") == 1))
			.list();
	}

	private Map<String, Enqueued> holders(List<KeyRow> rows) {
		List<KeyRow> held = rows.stream().filter(KeyRow::held).toList();
		Set<Long> ended = ended(held.stream().map(KeyRow::job).toList());
		Map<String, Enqueued> holders = new HashMap<>();
		held.stream()
			.filter((row) -> !ended.contains(row.job()))
			.forEach((row) -> holders.put(row.key(), new Enqueued(new JobId(row.job()), true)));
		return holders;
	}

	private Set<Long> ended(Collection<Long> jobs) {
		if (jobs.isEmpty()) {
			return Set.of();
		}
		return new HashSet<>(this.store.statements().of(ENDED).param("ids", Values.ids(jobs)).query(Long.class).list());
	}

	private void take(List<NewJob> jobs, Map<String, Enqueued> results) {
		if (jobs.isEmpty()) {
			return;
		}
		// What was inserted comes back by ascending id.
		List<NewJob> byId = JobRows.haveIds(jobs)
				? jobs.stream().sorted(Comparator.comparing(ExpiringKeys::id)).toList() : jobs;
		List<NewJob> plain = new ArrayList<>(byId.size());
		byId.forEach((job) -> plain.add(job.withUnique(null)));
		List<Enqueued> inserted = this.store.insertPlain(plain);
		for (int i = 0; i < byId.size(); i++) {
			NewJob job = byId.get(i);
			this.store.current(TAKE)
				.param("job", inserted.get(i).id().value())
				.param("ttl", Values.micros(Objects.requireNonNull(job.unique()).requiredTtl()))
				.param("key", KeyedJobs.key(job))
				.update();
			results.put(KeyedJobs.key(job), inserted.get(i));
		}
	}

	private static Long id(NewJob job) {
		return Objects.requireNonNull(job.id());
	}

	/**
	 * A row that is locked.
	 *
	 * @param key the key
	 * @param job the job that has taken it
	 * @param held whether it has not expired
	 */
	private record KeyRow(String key, long job, boolean held) {
	}

}
