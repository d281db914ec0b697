package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.JobState;
import org.jspecify.annotations.Nullable;

/**
 * Depths on MariaDB, which has no lateral joins: the lanes in one statement, then each
 * lane by itself. Beyond what is counted InnoDB says how many entries of the index it
 * takes to lie in a lane.
 */
final class MariaDbDepths implements DepthReader {

	private static final int LEAST = 16;

	/** By the groups of the index, without reading what lies between. */
	private static final String LANES = """
			select state, queue, priority, front from background_job_job force index (background_job_job_ready)
			group by state, queue, priority, front limit 1000
			""";

	private static final String HEAD = """
			select w.blocked_by, count(*) as jobs, count(w.worker) as claimed,
			    min(case when w.worker is null then w.due_at end) as oldest
			from (select worker, due_at, blocked_by from background_job_job force index (background_job_job_ready)
			      where state = :state and queue = :queue and priority = :priority and front = :front
			      order by seq limit :counted) w
			group by w.blocked_by
			""";

	private static final String IN_INDEX = """
			explain select id from background_job_job force index (background_job_job_ready)
			where state = :state and queue = :queue and priority = :priority and front = :front
			""";

	private final Reads reads;

	MariaDbDepths(Reads reads) {
		this.reads = reads;
	}

	@Override
	public void read(Depths depths) {
		List<StateLane> lanes = this.reads.query(LANES, Map.of(), StateLane::new);
		int counted = Math.max(LEAST, COUNTED / Math.max(1, lanes.size()));
		for (StateLane lane : lanes) {
			read(lane, counted, depths);
		}
	}

	private void read(StateLane lane, int most, Depths depths) {
		Map<String, Object> parameters = lane.parameters();
		parameters.put("counted", most);
		List<Group> groups = this.reads.query(HEAD, parameters, Group::new);
		long counted = groups.stream().mapToLong(Group::jobs).sum();
		double rest = (counted < most) ? 0 : Math.max(0, inIndex(lane) - counted);
		for (Group group : groups) {
			report(lane, group, rest * group.jobs() / counted, depths);
		}
	}

	private double inIndex(StateLane lane) {
		return this.reads.query(IN_INDEX, lane.parameters(), (row, number) -> row.getDouble("rows"))
			.stream()
			.findFirst()
			.orElse(0.0);
	}

	private static void report(StateLane lane, Group group, double rest, Depths depths) {
		JobState state = lane.jobState();
		long waiting = group.jobs() - group.claimed();
		if (rest > 0) {
			depths.estimated(lane.queue(), state, waiting + rest);
		}
		else {
			depths.counted(lane.queue(), state, waiting);
		}
		depths.counted(lane.queue(), JobState.RUNNING, group.claimed());
		if (state == JobState.READY) {
			depths.oldestReady(lane.queue(), group.oldest());
		}
		depths.parked(group.blockedBy(), group.jobs() + rest);
	}

	/**
	 * A lane of any state.
	 *
	 * @param state the state, as the row has it
	 * @param queue the queue
	 * @param priority the priority
	 * @param front whether it is the line of jobs that came back
	 */
	private record StateLane(int state, String queue, int priority, boolean front) {

		StateLane(ResultSet row, int number) throws SQLException {
			this(row.getInt("state"), row.getString("queue"), row.getInt("priority"), row.getBoolean("front"));
		}

		JobState jobState() {
			return switch (this.state) {
				case 0 -> JobState.READY;
				case 1 -> JobState.SCHEDULED;
				default -> JobState.BLOCKED;
			};
		}

		Map<String, Object> parameters() {
			return new HashMap<>(
					Map.of("state", this.state, "queue", this.queue, "priority", this.priority, "front", this.front));
		}

	}

	/**
	 * The first jobs of a lane, by what they wait for.
	 *
	 * @param blockedBy what they wait for, if they do
	 * @param jobs how many
	 * @param claimed how many of these run
	 * @param oldest when the first that does not run was due
	 */
	private record Group(@Nullable String blockedBy, long jobs, long claimed, @Nullable Instant oldest) {

		Group(ResultSet row, int number) throws SQLException {
			this(row.getString("blocked_by"), row.getLong("jobs"), row.getLong("claimed"),
					Values.nullableInstant(row, "oldest"));
		}

	}

}
