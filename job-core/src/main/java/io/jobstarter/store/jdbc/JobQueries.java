package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import org.jspecify.annotations.Nullable;

/**
 * Finds jobs wherever they are. The tables are read in the order in which a job moves
 * through them: one that moves meanwhile is met twice rather than missed.
 */
final class JobQueries {

	private static final String WAITING_OR_RUNNING = """
			select j.id, j.name, j.queue, j.priority,
			    case when j.worker is not null then 'RUNNING' when j.state = 0 then 'READY'
			        when j.state = 1 then 'SCHEDULED' else 'BLOCKED' end as state,
			    j.attempt as attempts, j.crashes, j.created_at as enqueued_at, j.due_at,
			    j.claimed_at as started_at, cast(null as timestamp with time zone) as finished_at,
			    j.worker, j.tags, j.headers, j.payload, j.blocked_by as reason
			from background_job_job j
			where j.id >= :from and j.id < :before
			  and case when j.worker is not null then 'RUNNING' when j.state = 0 then 'READY'
			        when j.state = 1 then 'SCHEDULED' else 'BLOCKED' end = any (cast(:states as varchar array))
			  and (cast(:name as varchar) is null or j.name = :name)
			  and (cast(:queue as varchar) is null or j.queue = :queue
			       or j.queue like cast(:queueShares as varchar) escape '!')
			  and (cast(:tag as varchar) is null or position(cast(:tag as varchar) in j.tags) > 0)
			order by j.id desc fetch first :limit rows only
			""";

	private static final String DEAD = """
			select d.job_id as id, d.name, d.queue, d.priority,
			    case when d.discarded_at is null then 'DEAD' else 'DISCARDED' end as state,
			    d.attempts, d.crashes, d.enqueued_at, d.due_at, d.started_at, d.died_at as finished_at,
			    d.worker, d.tags, d.headers, d.payload, d.reason
			from background_job_dead_letter d
			where d.job_id >= :from and d.job_id < :before
			  and case when d.discarded_at is null then 'DEAD' else 'DISCARDED' end
			      = any (cast(:states as varchar array))
			  and (cast(:name as varchar) is null or d.name = :name)
			  and (cast(:queue as varchar) is null or d.queue = :queue
			       or d.queue like cast(:queueShares as varchar) escape '!')
			  and (cast(:tag as varchar) is null or position(cast(:tag as varchar) in d.tags) > 0)
			order by d.job_id desc fetch first :limit rows only
			""";

	private static final String OVER = """
			select h.id, h.name, h.queue, h.priority, h.state,
			    h.attempts, h.crashes, h.enqueued_at, h.due_at, h.started_at, h.finished_at,
			    h.worker, h.tags, cast(null as varchar) as headers, cast(null as varchar) as payload, h.reason
			from background_job_history h
			where h.id >= :from and h.id < :before
			  and h.state = any (cast(:states as varchar array))
			  and (cast(:name as varchar) is null or h.name = :name)
			  and (cast(:queue as varchar) is null or h.queue = :queue
			       or h.queue like cast(:queueShares as varchar) escape '!')
			  and (cast(:tag as varchar) is null or position(cast(:tag as varchar) in h.tags) > 0)
			order by h.id desc fetch first :limit rows only
			""";

	private static final Map<String, Set<JobState>> STATES = states();

	private final Statements statements;

	JobQueries(Statements statements) {
		this.statements = statements;
	}

	private static Map<String, Set<JobState>> states() {
		Map<String, Set<JobState>> states = new LinkedHashMap<>();
		states.put(WAITING_OR_RUNNING, Set.of(JobState.SCHEDULED, JobState.READY, JobState.BLOCKED, JobState.RUNNING));
		states.put(DEAD, Set.of(JobState.DEAD, JobState.DISCARDED));
		states.put(OVER, Set.of(JobState.SUCCEEDED, JobState.DISCARDED, JobState.CANCELLED));
		return states;
	}

	Optional<JobInfo> find(JobId id) {
		return STATES.keySet()
			.stream()
			.flatMap((statement) -> query(statement, JobFilter.ALL, IdRange.of(id), 1).stream())
			.findFirst();
	}

	List<JobInfo> find(JobFilter filter, @Nullable JobId before, int limit) {
		Map<JobId, JobInfo> found = new LinkedHashMap<>();
		STATES.forEach((statement, states) -> {
			if (filter.states().isEmpty() || filter.states().stream().anyMatch(states::contains)) {
				query(statement, filter, IdRange.below(before), limit)
					.forEach((job) -> found.putIfAbsent(job.id(), job));
			}
		});
		List<JobInfo> jobs = new ArrayList<>(found.values());
		jobs.sort(Comparator.comparing(JobInfo::id).reversed());
		return jobs.subList(0, Math.min(limit, jobs.size()));
	}

	private List<JobInfo> query(String statement, JobFilter filter, IdRange range, int limit) {
		Set<JobState> states = filter.states().isEmpty() ? Set.of(JobState.values()) : filter.states();
		return this.statements.of(statement)
			.param("from", range.from())
			.param("before", range.before())
			.param("states", states.stream().map(JobState::name).toArray(String[]::new))
			.param("name", filter.name())
			.param("queue", filter.queue())
			.param("queueShares", StoredQueue.shares(filter.queue()))
			.param("tag", (filter.tag() != null) ? Values.tags(Arrays.asList(filter.tag())) : null)
			.param("limit", limit)
			.query(JobInfoMapper.INSTANCE)
			.list();
	}

}
