package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.LimitKey;
import io.jobstarter.store.Lane;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that wait for keys, and which of an order is the first. The rows of the keys
 * are locked by the caller.
 */
class WaitingJobs {

	/** The state of a job that waits for a key. */
	static final short WAITS_FOR_KEY = 3;

	/**
	 * Whether a job takes part in its order: unless it was enqueued for later and has not
	 * been due yet, or it waits for a retry and lets others pass.
	 */
	private static final String TAKES_PART = """
			(j.state <> 1 or j.limits like 'o%' and (j.attempt > 0 or j.blocked_by is not null))
			""";

	private static final String HEADS = """
			select k.name, (select j.id from background_job_job j
			                where j.order_key = k.name and """ + TAKES_PART + """
			                order by j.id fetch first 1 rows only) as head
			from background_job_key k
			where k.name = any (cast(:names as varchar array))
			""";

	private static final String HEAD = """
			select j.id, j.queue, j.priority, j.state, j.blocked_by from background_job_job j
			where j.order_key = :name and """ + TAKES_PART + """
			order by j.id fetch first 1 rows only
			""";

	// Without locks: databases that lock what a sorted statement meets would lock more.
	private static final String WAITING = """
			select id, queue, priority from background_job_job
			where state = 3 and blocked_by = :name and front = :front
			order by seq fetch first :limit rows only
			""";

	private static final String LOCK = """
			select id from background_job_job
			where id = any (cast(:ids as bigint array)) and state = 3 and blocked_by = :name
			for update skip locked
			""";

	private final Statements statements;

	private final Dialect dialect;

	WaitingJobs(Statements statements, Dialect dialect) {
		this.statements = statements;
		this.dialect = dialect;
	}

	final Statements statements() {
		return this.statements;
	}

	/**
	 * Finds the jobs whose turn it is.
	 * @param orders the ids of orders
	 * @return the id of each one's job, by the order; none where no job takes part
	 */
	Map<String, Long> heads(List<String> orders) {
		Map<String, Long> heads = new HashMap<>();
		this.statements.of(HEADS).param("names", orders.toArray(String[]::new)).query((row) -> {
			Long head = Values.nullableLong(row, "head");
			if (head != null) {
				heads.put(row.getString("name"), head);
			}
		});
		return heads;
	}

	/**
	 * Makes jobs ready that wait for a key, the first ones first.
	 * @param name the name of the key's row
	 * @param limit how many at most
	 * @param released where to note them
	 * @return whether others wait
	 */
	final boolean release(String name, int limit, ReleasedJobs released) {
		return LimitKey.isOrder(name) ? releaseHead(name, released) : releaseFirst(name, limit, released);
	}

	/**
	 * Makes jobs ready that wait for a key which is no order.
	 * @param name the name of the key's row
	 * @param limit how many at most
	 * @param released where to note them
	 * @return whether others wait
	 */
	boolean releaseFirst(String name, int limit, ReleasedJobs released) {
		// One more, to know whether there are others.
		List<Waiting> first = new ArrayList<>(waiting(name, true, limit + 1));
		if (first.size() <= limit) {
			first.addAll(waiting(name, false, limit + 1 - first.size()));
		}
		makeReady(name, first.subList(0, Math.min(limit, first.size())), released);
		return first.size() > limit;
	}

	// While the first one waits for something else, the others wait for it.
	private boolean releaseHead(String name, ReleasedJobs released) {
		@Nullable Head head = this.statements.of(HEAD)
			.param("name", name)
			.query((row, number) -> new Head(
					new Waiting(row.getLong("id"),
							StoredQueue.lane(row.getString("queue"), row.getInt("priority"), true)),
					row.getInt("state") == WAITS_FOR_KEY && name.equals(row.getString("blocked_by"))))
			.optional()
			.orElse(null);
		if (head != null && head.waits()) {
			makeReady(name, List.of(head.job()), released);
		}
		return head != null;
	}

	private List<Waiting> waiting(String name, boolean front, int limit) {
		return this.statements.of(WAITING)
			.param("name", name)
			.param("front", front)
			.param("limit", limit)
			.query((row, number) -> new Waiting(row.getLong("id"),
					StoredQueue.lane(row.getString("queue"), row.getInt("priority"), true)))
			.list();
	}

	private void makeReady(String name, List<Waiting> jobs, ReleasedJobs released) {
		List<Waiting> free = lock(name, jobs);
		if (free.isEmpty()) {
			return;
		}
		this.statements.of(this.dialect.makeReady())
			.param("ids", free.stream().map(Waiting::id).toArray(Long[]::new))
			.param("front", true)
			.param("crashes", 0)
			.update();
		free.forEach((job) -> released.add(job.lane()));
	}

	private List<Waiting> lock(String name, List<Waiting> jobs) {
		if (jobs.isEmpty()) {
			return jobs;
		}
		Set<Long> locked = this.statements.of(LOCK)
			.param("ids", jobs.stream().map(Waiting::id).toArray(Long[]::new))
			.param("name", name)
			.query(Long.class)
			.stream()
			.map(Objects::requireNonNull)
			.collect(Collectors.toSet());
		return jobs.stream().filter((job) -> locked.contains(job.id())).toList();
	}

	/**
	 * A job that waits.
	 *
	 * @param id its id
	 * @param lane the lane that it enters
	 */
	private record Waiting(long id, Lane lane) {
	}

	/**
	 * The first job of an order.
	 *
	 * @param job the job
	 * @param waits whether it waits for its turn, rather than for anything else
	 */
	private record Head(Waiting job, boolean waits) {
	}

}
