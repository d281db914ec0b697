package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What becomes of recurring jobs that are not wanted any more, in the transaction of the
 * calling thread.
 */
final class RecurringUpkeep {

	/** Who pauses what is switched off. */
	static final String CONFIGURATION = "configuration";

	/** How many notes of fires one transaction deletes. */
	private static final int PORTION = 5_000;

	/** How many recurring jobs it looks at. */
	private static final int MOST_JOBS = 10;

	private static final String SWITCH_OFF = """
			update background_job_recurring
			set paused_at = clock_timestamp(), paused_by = :by, pause_reason = :why
			where id = :id and source in ('CODE', 'CONFIGURATION') and paused_at is null and retired_at is null
			""";

	private static final String RETIRED_FOR_LONG = """
			select id from background_job_recurring
			where source in ('CODE', 'CONFIGURATION')
			and retired_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			order by id fetch first :limit rows only
			for update skip locked
			""";

	private static final String AFTER_PORTION = """
			select fire_at from background_job_recurring_fire where recurring_id = :id
			order by fire_at offset :portion rows fetch first 1 rows only
			""";

	private static final String DELETE_FIRES_BEFORE = """
			delete from background_job_recurring_fire
			where recurring_id = :id and fire_at < cast(:before as timestamp with time zone)
			""";

	private static final String DELETE_FIRES = """
			delete from background_job_recurring_fire where recurring_id = :id
			""";

	private static final String DELETE = """
			delete from background_job_recurring where id = :id
			""";

	private final RecurringRows rows;

	RecurringUpkeep(RecurringRows rows) {
		this.rows = rows;
	}

	// In the order of the ids, so that two nodes cannot deadlock.
	Set<String> switchOff(Collection<String> ids, String why) {
		Set<String> paused = new TreeSet<>();
		for (String id : new TreeSet<>(ids)) {
			if (this.rows.of(SWITCH_OFF).param("id", id).param("by", CONFIGURATION).param("why", why).update() == 1) {
				paused.add(id);
			}
		}
		return paused;
	}

	List<String> deleteRetired(Duration retention) {
		return this.rows.of(RETIRED_FOR_LONG)
			.param("retention", Values.micros(retention))
			.param("limit", MOST_JOBS)
			.query(String.class)
			.list()
			.stream()
			.filter(this::delete)
			.toList();
	}

	// One that fired each second has 600,000 notes: the next call goes on.
	private boolean delete(String id) {
		List<String> after = this.rows.of(AFTER_PORTION)
			.param("id", id)
			.param("portion", PORTION)
			.query((row, number) -> Values.timestamp(Values.instant(row, "fire_at")))
			.list();
		if (!after.isEmpty()) {
			this.rows.of(DELETE_FIRES_BEFORE).param("id", id).param("before", after.get(0)).update();
			return false;
		}
		this.rows.of(DELETE_FIRES).param("id", id).update();
		return this.rows.of(DELETE).param("id", id).update() == 1;
	}

}
