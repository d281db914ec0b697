package io.jobstarter.faults.oracle;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.jobstarter.LimitKey;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What is true of the tables whenever a fleet has come to rest, whatever was done to it:
 * each job that is not over has an owner that lives, or something that wakes it, and
 * nothing is held on behalf of what is gone.
 * <p>
 * Each statement finds what breaks a rule, and so has to find nothing.
 */
public final class Invariants {

	/** How long a sweep may take to see what has just come to pass. */
	private static final Duration A_SWEEP = Duration.ofSeconds(10);

	private static final int SHOWN = 5;

	// A worker that has no row at all is found here as well.
	private static final String OWNED_BY_NOBODY = """
			select j.id, j.state, j.worker, j.claim from background_job_job j
			where j.worker is not null
			and not exists (select 1 from background_job_worker w
			                where w.id = j.worker and w.dead_at is null and w.expires_at > ?)
			""";

	private static final String DEAD_WORKERS = """
			select id, host, pid, expires_at, dead_at from background_job_worker
			where dead_at is not null or expires_at <= ?
			""";

	private static final String OVERDUE = """
			select id, due_at from background_job_job where state = 1 and due_at < ?
			""";

	private static final Map<String, String> STATEMENTS = Map.ofEntries(Map.entry("runs without a whole fence", """
			select id, state, worker, claim, claimed_at from background_job_job
			where (worker is null) <> (claim is null) or (worker is null) <> (claimed_at is null)
			"""), Map.entry("runs, though it is scheduled or blocked", """
			select id, state, worker, blocked_by from background_job_job where state <> 0 and worker is not null
			"""), Map.entry("is in a state that there is not", """
			select id, state from background_job_job where state not in (0, 1, 2, 3)
			"""), Map.entry("is blocked by nothing", """
			select id, state from background_job_job where state in (2, 3) and blocked_by is null
			"""), Map.entry("is blocked by what there is not", """
			select id, state, blocked_by from background_job_job
			where state = 2 and blocked_by not like 'circuit:%' or state = 3 and blocked_by not like 'limit:%'
			and blocked_by not like 'order:%' and blocked_by not like 'rate:%'
			"""), Map.entry("waits for a circuit breaker that is closed", """
			select j.id, j.blocked_by from background_job_job j
			where j.state = 2 and j.blocked_by like 'circuit:%'
			and not exists (select 1 from background_job_breaker b
			                where b.name = substring(j.blocked_by from 9)
			                and b.state in ('OPEN', 'HALF_OPEN', 'FORCED_OPEN'))
			"""), Map.entry("waits for a limit that nobody holds", """
			select j.id, j.blocked_by from background_job_job j
			left join background_job_key k on k.name = j.blocked_by
			where j.state = 3 and j.blocked_by like 'limit:%'
			and (k.name is null or k.running = 0 and k.permits > 0)
			"""), Map.entry("waits in an order without anything before it", """
			select j.id, j.blocked_by from background_job_job j
			where j.state = 3 and j.blocked_by like 'order:%'
			and not exists (select 1 from background_job_job o where o.order_key = j.order_key and o.id < j.id)
			"""), Map.entry("waits for a rate that does not know of it", """
			select j.id, j.blocked_by from background_job_job j
			left join background_job_rate r on r.name = j.blocked_by
			where j.state = 3 and j.blocked_by like 'rate:%' and r.due_at is null
			"""), Map.entry("is over, and still there", """
			select j.id from background_job_job j
			where exists (select 1 from background_job_history h where h.id = j.id)
			or exists (select 1 from background_job_dead_letter d where d.job_id = j.id)
			"""), Map.entry("has ended twice", """
			select h.id from background_job_history h
			where exists (select 1 from background_job_dead_letter d where d.job_id = h.id)
			union all
			select id from background_job_history group by id having count(*) > 1
			"""), Map.entry("counts less than nothing", """
			select id, attempt, crashes, duplicates from background_job_job
			where attempt < 0 or crashes < 0 or duplicates < 0
			"""), Map.entry("slots of a bounded queue belong to nobody", """
			select s.name, s.worker, s.slots from background_job_fleet_slots s
			where s.slots < 0 or s.worker <> 0
			and not exists (select 1 from background_job_worker w where w.id = s.worker)
			"""), Map.entry("a unique key is being taken by nobody", """
			select unique_key from background_job_expiring_key where job_id = 0
			"""), Map.entry("a rate has let go less than nothing", """
			select name, released from background_job_rate where released < 0
			"""), Map.entry("a fire has a job that never was", """
			select f.recurring_id, f.fire_at, f.job_id from background_job_recurring_fire f
			where f.job_id is not null
			and not exists (select 1 from background_job_job j where j.id = f.job_id)
			and not exists (select 1 from background_job_history h where h.id = f.job_id)
			and not exists (select 1 from background_job_dead_letter d where d.job_id = f.job_id)
			"""));

	// One statement sees one state of the database, in which what is counted is held.
	private static final String COUNTED_AND_HELD = """
			select name, running, cast(null as char(1)) as limits from background_job_key
			union all
			select null, 0, limits from background_job_job where limits is not null and worker is not null
			""";

	private Invariants() {
	}

	/**
	 * Looks at the tables until all is as it should be, for a while.
	 * @param jdbc the database
	 * @param patience how long sweeps have to mend what was broken
	 * @return what is still broken then, a sentence each
	 */
	public static List<String> brokenAfter(JdbcTemplate jdbc, Duration patience) {
		try {
			Awaitility.await()
				.atMost(patience)
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(100))
				.until(() -> broken(jdbc).isEmpty());
			return List.of();
		}
		catch (ConditionTimeoutException ex) {
			return broken(jdbc);
		}
	}

	/**
	 * Looks at the tables once.
	 * @param jdbc the database
	 * @return what is broken, a sentence each
	 */
	public static List<String> broken(JdbcTemplate jdbc) {
		Instant now = Objects.requireNonNull(jdbc.queryForObject("select current_timestamp(6)", Timestamp.class))
			.toInstant();
		List<String> broken = new ArrayList<>();
		add(broken, "its owner is dead or unknown", jdbc.queryForList(OWNED_BY_NOBODY, Timestamp.from(now)));
		add(broken, "is dead, and still there", jdbc.queryForList(DEAD_WORKERS, Timestamp.from(now)));
		add(broken, "is overdue", jdbc.queryForList(OVERDUE, Timestamp.from(now.minus(A_SWEEP))));
		STATEMENTS.forEach((what, statement) -> add(broken, what, jdbc.queryForList(statement)));
		broken.addAll(miscounted(jdbc));
		return List.copyOf(broken);
	}

	private static void add(List<String> broken, String what, List<Map<String, Object>> rows) {
		rows.stream().limit(SHOWN).forEach((row) -> broken.add(what + ": " + row));
	}

	private static List<String> miscounted(JdbcTemplate jdbc) {
		Map<String, Integer> counted = new HashMap<>();
		Map<String, Integer> held = new HashMap<>();
		jdbc.query(COUNTED_AND_HELD, (row) -> {
			String name = row.getString("name");
			if (name != null) {
				counted.put(name, row.getInt("running"));
			}
			LimitKey.held(LimitKey.parse(row.getString("limits")))
				.forEach((key) -> held.merge(key.id(), 1, Integer::sum));
		});
		held.keySet().forEach((name) -> counted.putIfAbsent(name, 0));
		return counted.entrySet()
			.stream()
			.filter((key) -> !key.getValue().equals(held.getOrDefault(key.getKey(), 0)))
			.limit(SHOWN)
			.map((key) -> "permits without claims: " + key.getValue() + " of " + key.getKey() + " are counted, and "
					+ held.getOrDefault(key.getKey(), 0) + " held")
			.toList();
	}

}
