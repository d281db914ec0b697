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
 * lane by itself.
 */
final class MariaDbDepths implements DepthReader {

	private static final int LEAST = 16;

	private static final int RANGES = 64;

	private static final int SHARED_RANGES = 160;

	/** By the groups of the index, without reading what lies between. */
	private static final String LANES = """
			select state, queue, priority, front from background_job_job force index (background_job_job_ready)
			group by state, queue, priority, front limit 1000
			""";

	private static final String HEAD = """
			select w.blocked_by, count(*) as jobs, count(w.worker) as claimed, max(w.seq) as reached,
			    min(case when w.worker is null then w.due_at end) as oldest
			from (select seq, worker, due_at, blocked_by
			      from background_job_job force index (background_job_job_ready)
			      where state = :state and queue = :queue and priority = :priority and front = :front
			      order by seq limit :counted) w
			group by w.blocked_by
			""";

	/** What lies behind the head, in ranges of positions: see {@link PostgresDepths}. */
	private static final String REST = """
			with recursive number as (select 0 as n union all select n + 1 from number where n < :ranges - 1),
			last as (
			    select max(seq) as seq from background_job_job force index (background_job_job_ready)
			    where state = :state and queue = :queue and priority = :priority and front = :front),
			reach as (
			    select :reached + 1 + r.n * ceil((last.seq - :reached) / :ranges) as start,
			        least(:reached + 1 + (r.n + 1) * ceil((last.seq - :reached) / :ranges), last.seq + 1) as stop
			    from number r cross join last),
			sampled as (
			    select r.start, r.stop, (
			        select seq from background_job_job force index (background_job_job_ready)
			        where state = :state and queue = :queue and priority = :priority and front = :front
			          and seq >= r.start
			        order by seq limit 1 offset 15) as reached
			    from reach r where r.start < r.stop)
			select sum(case when s.reached < s.stop
			        then 16 + 15.5 / (s.reached - s.start + 0.5) * (s.stop - 1 - s.reached)
			        else (
			            select count(*) from background_job_job force index (background_job_job_ready)
			            where state = :state and queue = :queue and priority = :priority and front = :front
			              and seq >= s.start and seq < s.stop) end) as jobs
			from sampled s
			""";

	private final Reads reads;

	MariaDbDepths(Reads reads) {
		this.reads = reads;
	}

	@Override
	public void read(Depths depths) {
		List<StateLane> lanes = this.reads.query(LANES, Map.of(), StateLane::new);
		int counted = Math.max(LEAST, COUNTED / Math.max(1, lanes.size()));
		int ranges = Math.max(1, Math.min(RANGES, SHARED_RANGES / Math.max(1, lanes.size())));
		for (StateLane lane : lanes) {
			read(lane, counted, ranges, depths);
		}
	}

	private void read(StateLane lane, int most, int ranges, Depths depths) {
		Map<String, Object> parameters = lane.parameters();
		parameters.put("counted", most);
		List<Group> groups = this.reads.query(HEAD, parameters, Group::new);
		long counted = groups.stream().mapToLong(Group::jobs).sum();
		double rest = (counted < most) ? 0 : rest(lane, groups, ranges);
		for (Group group : groups) {
			report(lane, group, rest * group.jobs() / counted, depths);
		}
	}

	private double rest(StateLane lane, List<Group> groups, int ranges) {
		Map<String, Object> parameters = lane.parameters();
		parameters.put("reached", groups.stream().mapToLong(Group::reached).max().orElse(0));
		parameters.put("ranges", ranges);
		return this.reads.query(REST, parameters, (row, number) -> row.getDouble("jobs")).get(0);
	}

	private static void report(StateLane lane, Group group, double rest, Depths depths) {
		JobState state = lane.jobState();
		long waiting = group.jobs() - group.claimed();
		if (rest > 0) {
			depths.estimated(lane.name(), state, waiting + rest);
		}
		else {
			depths.counted(lane.name(), state, waiting);
		}
		depths.counted(lane.name(), JobState.RUNNING, group.claimed());
		if (state == JobState.READY) {
			depths.lane(lane.name(), lane.priority(), group.oldest());
		}
		depths.parked(group.blockedBy(), group.jobs() + rest);
	}

	/**
	 * A lane of any state.
	 *
	 * @param state the state, as the row has it
	 * @param queue the queue, as the row has it
	 * @param priority the priority
	 * @param front whether it is the line of jobs that came back
	 */
	private record StateLane(int state, String queue, int priority, boolean front) {

		StateLane(ResultSet row, int number) throws SQLException {
			this(row.getInt("state"), row.getString("queue"), row.getInt("priority"), row.getBoolean("front"));
		}

		String name() {
			return StoredQueue.queueOf(this.queue);
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
	 * @param reached the position of the last
	 * @param oldest when the first that does not run was due
	 */
	private record Group(@Nullable String blockedBy, long jobs, long claimed, long reached, @Nullable Instant oldest) {

		Group(ResultSet row, int number) throws SQLException {
			this(row.getString("blocked_by"), row.getLong("jobs"), row.getLong("claimed"), row.getLong("reached"),
					Values.nullableInstant(row, "oldest"));
		}

	}

}
