package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.JobState;
import io.jobstarter.store.Lane;
import io.jobstarter.store.jdbc.LaneHeads.Head;
import org.jspecify.annotations.Nullable;

/**
 * Depths on PostgreSQL: one statement, and another one if there are more jobs or lanes
 * than are counted.
 */
final class PostgresDepths implements DepthReader {

	/**
	 * Lanes are found from their ends, where the entries are alive: a loose index scan
	 * from the highest to the lowest. Of each the first jobs are counted. What lies
	 * behind them is cut into equal ranges of positions. Of each range the first 16
	 * positions that are taken are read: if there are fewer, they have been counted; if
	 * not, the rest of the range is taken to be as dense as what was read. Half a job
	 * less stands between what is right for jobs in a row and for jobs at random. The
	 * number of ranges is shared by the lanes, so that the work is bounded whatever the
	 * depth is.
	 */
	private static final String LANES = """
			with recursive lane as (
			    (select queue, priority, front, seq as last_seq, 1 as number from background_job_job where state = 0
			     order by queue desc, priority desc, front desc, seq desc limit 1)
			    union all
			    select n.queue, n.priority, n.front, n.seq, l.number + 1
			    from lane l
			    cross join lateral (
			        select queue, priority, front, seq from background_job_job
			        where state = 0 and (queue, priority, front) < (l.queue, l.priority, l.front)
			        order by queue desc, priority desc, front desc, seq desc limit 1) n
			    where l.number < :lanes),
			known as (
			    select l.*, coalesce(f.first_seq, 0) as from_seq,
			        greatest(:counted / cast(count(*) over () as int), 16) as counted
			    from lane l
			    left join unnest(cast(:queues as varchar array), cast(:priorities as smallint array),
			            cast(:fronts as boolean array), cast(:froms as bigint array))
			        f (queue, priority, front, first_seq)
			        on f.queue = l.queue and f.priority = l.priority and f.front = l.front),
			head as materialized (
			    select k.queue, k.priority, k.front, k.last_seq, k.counted, h.jobs, h.claimed, h.first_seq,
			        h.reached, h.oldest
			    from known k
			    cross join lateral (
			        select count(*) as jobs, count(w.worker) as claimed, min(w.seq) as first_seq,
			            max(w.seq) as reached, min(w.due_at) filter (where w.worker is null) as oldest
			        from (select seq, worker, due_at from background_job_job
			              where state = 0 and queue = k.queue and priority = k.priority and front = k.front
			                and seq >= k.from_seq
			              order by seq limit k.counted) w) h
			    where h.jobs > 0),
			deep as materialized (
			    select h.*, greatest(1, (h.last_seq - h.reached)
			        / greatest(least(64, 160 / count(*) over ()), 1) + 1) as width
			    from head h where h.jobs >= h.counted and h.last_seq > h.reached),
			reach as (
			    select d.queue, d.priority, d.front, g.start, least(g.start + d.width, d.last_seq + 1) as stop
			    from deep d cross join lateral generate_series(d.reached + 1, d.last_seq, d.width) g (start)),
			rest as materialized (
			    select r.queue, r.priority, r.front,
			        sum(case when s.jobs < 16 then s.jobs
			            else s.jobs + (s.jobs - 0.5) / (s.reached - r.start + 0.5) * (r.stop - 1 - s.reached)
			            end) as jobs
			    from reach r
			    cross join lateral (
			        select count(*) as jobs, max(w.seq) as reached
			        from (select seq from background_job_job
			              where state = 0 and queue = r.queue and priority = r.priority and front = r.front
			                and seq >= r.start and seq < r.stop
			              order by seq limit 16) w) s
			    group by r.queue, r.priority, r.front)
			select 0 as state, h.queue, h.priority, h.front, cast(null as varchar) as blocked_by, h.jobs, h.claimed,
			    h.first_seq, r.jobs as rest,
			    coalesce(h.oldest, (
			        select due_at from background_job_job
			        where state = 0 and queue = h.queue and priority = h.priority and front = h.front
			          and seq > h.reached and worker is null
			        order by seq limit 1)) as oldest
			from head h
			left join rest r on r.queue = h.queue and r.priority = h.priority and r.front = h.front
			union all
			select w.state, w.queue, 0, false, w.blocked_by, count(*), 0, 0, null, null
			from ((select 1 as state, queue, cast(null as varchar) as blocked_by from background_job_job
			       where state = 1 order by due_at limit :counted)
			      union all
			      (select 2, queue, blocked_by from background_job_job
			       where state = 2 order by blocked_by, front, seq limit :counted)
			      union all
			      (select 2, queue, null from background_job_job
			       where state = 3 order by blocked_by, front, seq limit :counted)) w
			group by w.state, w.queue, w.blocked_by
			""";

	/**
	 * Pages of the table at random, the same ones each time, so that they stay in memory,
	 * some 512 of them: how many jobs stand on them, and for how many each stands. No
	 * index knows scheduled jobs by their queue, and when they are due is no measure of
	 * how many there are. Of ready jobs it keeps the other estimate from going wild where
	 * jobs came in bursts.
	 */
	private static final String PAGES = """
			select state, queue, blocked_by, count(*) as jobs, 100 / (select least(100, 51200.0 / greatest(512,
			        pg_relation_size('background_job_job') / current_setting('block_size')::int))) as weight
			from background_job_job tablesample system ((select least(100, 51200.0 / greatest(512,
			        pg_relation_size('background_job_job') / current_setting('block_size')::int)))) repeatable (1)
			group by state, queue, blocked_by
			""";

	/**
	 * What a reading takes grows faster than their number: it is 0.15 s with so many.
	 */
	private static final int MOST_LANES = 1_000;

	private static final List<JobState> IN_WINDOWS = List.of(JobState.SCHEDULED, JobState.BLOCKED);

	private final Reads reads;

	private final LaneHeads heads = new LaneHeads();

	PostgresDepths(Reads reads) {
		this.reads = reads;
	}

	@Override
	public void read(Depths depths) {
		long began = System.nanoTime();
		Map<Lane, Long> from = this.heads.from(began);
		List<Row> rows = this.reads.query(LANES, parameters(from), Row::new);
		List<Row> lanes = rows.stream().filter(Row::isLane).toList();
		this.heads.read(from, lanes.stream().map(Row::head).toList(), began, System.nanoTime());
		List<SampledJobs> waiting = rows.stream().filter((row) -> !row.isLane()).map(Row::waiting).toList();
		boolean isCut = lanes.size() >= MOST_LANES;
		boolean isDeep = isCut || lanes.stream().anyMatch(Row::isDeep)
				|| IN_WINDOWS.stream().anyMatch((state) -> SampledJobs.jobs(waiting, state) >= COUNTED);
		List<SampledJobs> sampled = isDeep ? this.reads.query(PAGES, Map.of(), SampledJobs::new) : List.of();
		lanes.stream()
			.collect(Collectors.groupingBy((row) -> row.lane().queue()))
			.forEach((queue, its) -> new ReadyEstimate(its, sampled).reportTo(depths));
		if (isCut) {
			reportUnread(lanes, sampled, depths);
		}
		IN_WINDOWS.forEach((state) -> report(state, waiting, sampled, depths));
	}

	// The queue that the last lane belongs to may have others.
	private static void reportUnread(List<Row> lanes, List<SampledJobs> sampled, Depths depths) {
		Set<String> read = lanes.stream().map((row) -> row.lane().queue()).collect(Collectors.toSet());
		SampledJobs.of(sampled, JobState.READY)
			.stream()
			.filter((sample) -> !read.contains(sample.queue()))
			.forEach((sample) -> depths.estimated(sample.queue(), JobState.READY, sample.estimate()));
		depths.estimated(lanes.get(lanes.size() - 1).lane().queue(), JobState.READY, 0);
	}

	// What was counted is there, whatever the sample has missed.
	private static void report(JobState state, List<SampledJobs> counted, List<SampledJobs> sampled, Depths depths) {
		List<SampledJobs> seen = SampledJobs.of(counted, state);
		double many = SampledJobs.jobs(counted, state);
		if (many < COUNTED) {
			seen.forEach((sample) -> sample.countIn(depths));
			return;
		}
		List<SampledJobs> estimate = SampledJobs.of(sampled, state);
		boolean enough = estimate.stream().mapToDouble(SampledJobs::estimate).sum() >= many;
		(enough ? estimate : seen).forEach((sample) -> sample.estimateIn(depths));
	}

	private static Map<String, Object> parameters(Map<Lane, Long> from) {
		List<Map.Entry<Lane, Long>> lanes = List.copyOf(from.entrySet());
		return Map.of("counted", COUNTED, "lanes", MOST_LANES, //
				"queues", lanes.stream().map((lane) -> StoredQueue.of(lane.getKey())).toArray(String[]::new), //
				"priorities", lanes.stream().map((lane) -> (short) lane.getKey().priority()).toArray(Short[]::new), //
				"fronts", lanes.stream().map((lane) -> lane.getKey().front()).toArray(Boolean[]::new), //
				"froms", lanes.stream().map(Map.Entry::getValue).toArray(Long[]::new));
	}

	/**
	 * What the statement returns: a lane, or jobs of one queue that are not ready.
	 *
	 * @param state the state, 0 in the row of a lane
	 * @param lane the lane
	 * @param blockedBy what the jobs wait for, if they do
	 * @param jobs how many were counted
	 * @param claimed how many of these run
	 * @param firstSeq the position of the first
	 * @param rest how many there may be behind these, or {@code null} if there are none
	 * @param oldest when the first ready one was due
	 */
	private record Row(int state, Lane lane, @Nullable String blockedBy, long jobs, long claimed, long firstSeq,
			@Nullable Double rest, @Nullable Instant oldest) {

		Row(ResultSet row, int number) throws SQLException {
			this(row.getInt("state"), ClaimedJobMapper.lane(row), row.getString("blocked_by"), row.getLong("jobs"),
					row.getLong("claimed"), row.getLong("first_seq"),
					(row.getObject("rest") != null) ? row.getDouble("rest") : null,
					Values.nullableInstant(row, "oldest"));
		}

		boolean isLane() {
			return this.state == 0;
		}

		Head head() {
			return new Head(this.lane, this.firstSeq);
		}

		SampledJobs waiting() {
			return new SampledJobs((this.state == 1) ? JobState.SCHEDULED : JobState.BLOCKED, this.lane.queue(),
					this.blockedBy, this.jobs, 1);
		}

		boolean isDeep() {
			return this.rest != null;
		}

		double estimate() {
			return this.jobs + ((this.rest != null) ? this.rest : 0);
		}

	}

	/**
	 * The ready and the running jobs of a queue.
	 *
	 * @param lanes its lanes
	 * @param sampled what stands on some pages, of all queues
	 */
	private record ReadyEstimate(List<Row> lanes, List<SampledJobs> sampled) {

		/** So few jobs on the pages, a handful of pages as it may be, prove nothing. */
		private static final double TELLING = 60;

		void reportTo(Depths depths) {
			String queue = this.lanes.get(0).lane().queue();
			this.lanes.forEach((lane) -> depths.lane(queue, lane.lane().priority(), lane.oldest()));
			long claimed = this.lanes.stream().mapToLong(Row::claimed).sum();
			if (this.lanes.stream().noneMatch(Row::isDeep)) {
				depths.counted(queue, JobState.READY, counted() - claimed);
				depths.counted(queue, JobState.RUNNING, claimed);
				return;
			}
			depths.estimated(queue, JobState.READY, Math.max(estimate(queue), counted()) - claimed);
			// Where all that was counted runs, more may.
			if (this.lanes.stream().anyMatch((lane) -> lane.isDeep() && lane.claimed() == lane.jobs())) {
				depths.estimated(queue, JobState.RUNNING, claimed);
			}
			else {
				depths.counted(queue, JobState.RUNNING, claimed);
			}
		}

		private long counted() {
			return this.lanes.stream().mapToLong(Row::jobs).sum();
		}

		// The positions tell more than the pages as long as both agree.
		private double estimate(String queue) {
			double byPosition = this.lanes.stream().mapToDouble(Row::estimate).sum();
			double weight = this.sampled.stream().mapToDouble(SampledJobs::weight).max().orElse(1);
			double onPages = SampledJobs.of(this.sampled, JobState.READY)
				.stream()
				.filter((sample) -> sample.queue().equals(queue))
				.mapToDouble(SampledJobs::jobs)
				.sum();
			double expected = byPosition / weight;
			boolean agree = expected <= 2 * onPages && onPages <= 2 * expected;
			return (agree || Math.max(expected, onPages) < TELLING) ? byPosition : onPages * weight;
		}

	}

}
