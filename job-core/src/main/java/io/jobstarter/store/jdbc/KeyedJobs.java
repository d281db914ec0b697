package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.jobstarter.DuplicateJobException;
import io.jobstarter.Enqueued;
import io.jobstarter.LimitKey;
import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.store.NewJob;

/**
 * New jobs of which some have unique keys.
 */
final class KeyedJobs {

	private KeyedJobs() {
	}

	/**
	 * Chooses the jobs to insert. In the order of the keys, whatever the order of the
	 * jobs: two callers who insert the same keys must not wait for each other.
	 * @param jobs jobs with and without keys
	 * @return one for each key: what the first of the key becomes by the others
	 * @throws DuplicateJobException if there are two of a key where that is to fail
	 */
	static List<NewJob> oneOfEachKey(List<NewJob> jobs) {
		Map<String, NewJob> byKey = new TreeMap<>();
		for (NewJob job : jobs) {
			String key = JobRows.uniqueKey(job);
			if (key != null) {
				byKey.merge(key, job, KeyedJobs::joined);
			}
		}
		return List.copyOf(byKey.values());
	}

	private static NewJob joined(NewJob earlier, NewJob later) {
		return switch (conflictOf(later)) {
			case KEEP_EXISTING -> earlier;
			case REPLACE -> (earlier.id() != null) ? later.withId(earlier.id()) : later;
			case RESCHEDULE -> earlier.withDue(later.due());
			case FAIL -> throw new DuplicateJobException(later.name(), null);
		};
	}

	/**
	 * Tells whether jobs need their ids before they are inserted: in the order of their
	 * unique keys they would get ids in that order, and those of an {@code @InOrder} run
	 * in the order of their ids.
	 * @param jobs the jobs
	 * @return whether they do
	 */
	static boolean wouldLoseOrder(List<NewJob> jobs) {
		return jobs.size() > 1 && jobs.get(0).id() == null
				&& jobs.stream().filter((job) -> LimitKey.orderOf(job.keys()) != null).limit(2).count() > 1;
	}

	/**
	 * Tells what became of each job.
	 * @param jobs the jobs
	 * @param inserted what was inserted of them
	 * @return the results, in the order of the jobs
	 */
	static List<Enqueued> inOrder(List<NewJob> jobs, JdbcEnqueueStore.Inserted inserted) {
		List<Enqueued> result = new ArrayList<>(jobs.size());
		Map<String, Enqueued> byKey = new HashMap<>(inserted.unique());
		int next = 0;
		for (NewJob job : jobs) {
			String key = JobRows.uniqueKey(job);
			if (key == null) {
				result.add(inserted.plain().get(next++));
			}
			else {
				Enqueued enqueued = Objects.requireNonNull(byKey.get(key));
				result.add(enqueued);
				byKey.put(key, new Enqueued(enqueued.id(), true));
			}
		}
		return result;
	}

	static boolean mayBeRefused(List<NewJob> jobs) {
		return jobs.stream().anyMatch((job) -> conflictOf(job) == UniqueConflict.FAIL);
	}

	/**
	 * Looks whether a job has met a key where that is to fail.
	 * @param jobs jobs with keys
	 * @param byKey what became of them
	 * @throws DuplicateJobException if one has
	 */
	static void requireNotRefused(List<NewJob> jobs, Map<String, Enqueued> byKey) {
		for (NewJob job : jobs) {
			Enqueued enqueued = Objects.requireNonNull(byKey.get(key(job)));
			if (enqueued.duplicate() && conflictOf(job) == UniqueConflict.FAIL) {
				throw new DuplicateJobException(job.name(), enqueued.id());
			}
		}
	}

	static boolean expires(NewJob job) {
		return Objects.requireNonNull(job.unique()).until() == UniqueUntil.EXPIRED;
	}

	static boolean changesHolder(NewJob job) {
		return Objects.requireNonNull(job.unique()).changesHolder();
	}

	static String key(NewJob job) {
		return Objects.requireNonNull(JobRows.uniqueKey(job));
	}

	static UniqueConflict conflictOf(NewJob job) {
		return Objects.requireNonNull(job.unique()).onConflict();
	}

}
