package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.FleetBound;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.DueWatch;
import io.jobstarter.store.Lane;
import io.jobstarter.store.Look;
import io.jobstarter.store.QueueLimits;
import io.jobstarter.store.QueueScope;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.RowMapper;

/**
 * Claims on PostgreSQL: begin, settings and statement travel together, in one round trip.
 */
final class PostgresClaims implements Claims {

	// The lanes are read in the order of the index: a plan that sorts would lock all of a
	// lane to find its first jobs.
	private static final String SETTINGS = EngineTransactions.POSTGRES_SETTINGS + """
			select set_config('enable_sort', 'off', true), set_config('synchronous_commit', 'off', true);
			""";

	/**
	 * One lateral probe of the ready index for each lane. A row that was updated between
	 * the snapshot and the lock has another ctid, which the snapshot does not see: it is
	 * skipped. The outer update has no condition on {@code state}: while the table looks
	 * empty, the planner would read the whole ready index for it. A claim that a crash of
	 * the database undoes just runs again, so its commit need not wait for the disk.
	 */
	private static final String CLAIM = SETTINGS + """
			update background_job_job
			set worker = :worker, claim = :claim, claimed_at = clock_timestamp(),
			    unique_key = case when unique_until = 1 or limits is not null then unique_key end
			where worker is null and ctid = any (array(
			    select t.row_id
			    from unnest(cast(:queues as varchar array), cast(:queueLimits as int array))
			        with ordinality q (queue, job_limit, number)
			    cross join lateral (
			        select c.row_id
			        from unnest(cast(:laneQueues as int array), cast(:priorities as smallint array),
			                cast(:fronts as boolean array), cast(:froms as bigint array))
			            l (queue_number, priority, front, first_seq)
			        cross join lateral (
			            select j.ctid as row_id from background_job_job j
			            where j.state = 0 and j.queue = q.queue and j.priority = l.priority and j.front = l.front
			              and j.seq >= l.first_seq and j.worker is null and j.name = any (cast(:names as varchar array))
			            order by j.seq limit q.job_limit
			            for no key update skip locked) c
			        where l.queue_number = q.number
			        limit q.job_limit) t
			    where (select p.paused_at from background_job_queue p where p.name = q.queue) is null
			    limit :limit))
			returning id, seq, queue, priority, front, name, payload, attempt, crashes, rule_counts,
			    created_at, due_at, claimed_at, headers, tags, limits,
			    unique_key is not null and unique_until = 0
			""";

	/**
	 * The same where jobs are bounded over all nodes: no more than the worker has slots,
	 * whose rows stay locked until the claim is committed.
	 */
	private static final String CLAIM_WITHIN_SLOTS = CLAIM.replace("limit :limit))", """
			limit (select least(:limit, greatest(0, case
			            when count(*) = cardinality(cast(:fleetNames as varchar array)) then min(f.free) else 0 end))
			           from (select s.slots - b.held as free
			                 from unnest(cast(:fleetNames as varchar array), cast(:fleetHeld as int array))
			                     b (name, held)
			                 join background_job_fleet_slots s on s.name = b.name and s.worker = :worker
			                 for no key update of s) f)))
			""".strip());

	/**
	 * A loose index scan: one probe for each lane, however many jobs it holds. If some
	 * queues are meant by how their names begin, there is one probe more for each queue
	 * that holds jobs, meant or not: by most collations the queues of a prefix do not
	 * stand side by side in the index.
	 */
	private static final String FIND_LANES = """
			with recursive known as (
			    (select queue from background_job_job
			     where state = 0 and cardinality(cast(:prefixes as varchar array)) > 0
			     order by queue limit 1)
			    union all
			    select n.queue from known k
			    cross join lateral (
			        select queue from background_job_job where state = 0 and queue > k.queue
			        order by queue limit 1) n),
			meant as (
			    select q.name from unnest(cast(:queues as varchar array)) q (name)
			    union
			    select k.queue from known k
			    where exists (select 1 from unnest(cast(:prefixes as varchar array)) p (prefix)
			                  where left(k.queue, length(p.prefix)) = p.prefix)),
			lane as (
			    select f.* from meant m
			    cross join lateral (
			        select queue, priority, front from background_job_job
			        where state = 0 and queue = m.name
			        order by queue, priority, front limit 1) f
			    where (select p.paused_at from background_job_queue p where p.name = m.name) is null
			    union all
			    select n.* from lane l
			    cross join lateral (
			        select queue, priority, front from background_job_job
			        where state = 0 and queue = l.queue and (priority, front) > (l.priority, l.front)
			        order by queue, priority, front limit 1) n)
			""";

	private static final String LANES = SETTINGS + FIND_LANES + """
			select queue, priority, front from lane
			""";

	/**
	 * Lanes, limits, and in the last row when the next scheduled job is due and whether
	 * there is anything to know of circuits, which takes a probe of an index each. Reads
	 * only, and so needs no transaction but its own.
	 */
	private static final String LOOK = EngineTransactions.POSTGRES_BOUNDS + """
			select set_config('enable_sort', 'off', true);
			""" + FIND_LANES + """
			select queue, priority, front, cast(null as int) as concurrency, cast(null as int) as fleet,
			    cast(null as bigint) as quiet, false as circuits
			from lane
			union all
			select name, cast(null as smallint), cast(null as boolean), concurrency, fleet_concurrency,
			    cast(null as bigint), false
			from background_job_queue where concurrency is not null or fleet_concurrency is not null
			union all
			select name, cast(null as smallint), cast(null as boolean), cast(null as int), declared,
			    cast(null as bigint), false
			from background_job_fleet_slots where declared is not null
			union all
			select cast(null as varchar), cast(null as smallint), cast(null as boolean), cast(null as int),
			    cast(null as int),
			    cast(least(extract(epoch from d.due_at - clock_timestamp()) * 1000000, 86400000000) as bigint),
			    exists (select 1 from background_job_breaker where state <> 'CLOSED')
			        or exists (select 1 from background_job_job where state = 2)
			from (select min(due_at) as due_at from background_job_job where state = 1) d
			""";

	private static final Duration A_DAY = Duration.ofDays(1);

	// With years to spare, for the driver moves by days.
	private static final long GREGORIAN = Instant.parse("1600-01-01T00:00:00Z").toEpochMilli();

	private final EngineTransactions transactions;

	private final PostgresRoundTrip roundTrip;

	private final DueWatch due;

	private final KeyPermits permits;

	/**
	 * Makes it.
	 * @param transactions where it claims
	 * @param roundTrip how it does
	 * @param due is told when the next scheduled job is due
	 * @param permits gives permits to jobs with keys
	 */
	PostgresClaims(EngineTransactions transactions, PostgresRoundTrip roundTrip, DueWatch due, KeyPermits permits) {
		this.transactions = transactions;
		this.roundTrip = roundTrip;
		this.due = due;
		this.permits = permits;
	}

	@Override
	public Claimed claim(ClaimRequest request) {
		KeyedClaimMapper mapper = new KeyedClaimMapper(new ClaimedJobMapper(request, PostgresClaims::instant));
		return this.transactions.executeBare(() -> {
			mapper.clear();
			List<ClaimedJob> claimed = this.roundTrip.query(request.fleet().isEmpty() ? CLAIM : CLAIM_WITHIN_SLOTS,
					parameters(request), mapper);
			return this.permits.grant(claimed, mapper.uniqueUntilStart(), request.terms());
		});
	}

	@Override
	public Set<Lane> lanes(QueueScope scope) {
		return Set.copyOf(query(LANES, parameters(scope), ClaimedJobMapper.LANE));
	}

	@Override
	public Optional<Look> look(QueueScope scope) {
		long askedAt = System.nanoTime();
		List<Seen> seen = this.transactions.alone(() -> this.roundTrip.read(LOOK, parameters(scope), Seen::new));
		this.due.seen(askedAt, seen.stream().map(Seen::quiet).filter(Objects::nonNull).findFirst().orElse(A_DAY));
		Set<Lane> lanes = new HashSet<>();
		Map<String, Integer> perNode = new HashMap<>();
		Set<String> fleet = new HashSet<>();
		for (Seen one : seen) {
			if (one.lane() != null) {
				lanes.add(one.lane());
			}
			else if (one.queue() != null) {
				one.addTo(perNode, fleet);
			}
		}
		return Optional.of(new Look(lanes, new QueueLimits(perNode, fleet), seen.stream().anyMatch(Seen::circuits)));
	}

	private static Map<String, Object> parameters(QueueScope scope) {
		return Map.of("queues", scope.names().toArray(String[]::new), "prefixes",
				scope.prefixes().toArray(String[]::new));
	}

	private static Map<String, Object> parameters(ClaimRequest request) {
		List<QueueDemand> demands = request.demands();
		List<LaneStart> lanes = demands.stream().flatMap((demand) -> demand.lanes().stream()).toList();
		Map<String, Object> parameters = new HashMap<>(lanes(demands, lanes));
		parameters.putAll(Map.of("worker", request.worker(), "claim", request.claim(), //
				"names", request.names().toArray(String[]::new), //
				"limit", request.limit()));
		if (!request.fleet().isEmpty()) {
			parameters.put("fleetNames", request.fleet().stream().map(FleetBound::name).toArray(String[]::new));
			parameters.put("fleetHeld", request.fleet().stream().map(FleetBound::held).toArray(Integer[]::new));
		}
		return parameters;
	}

	private static Map<String, Object> lanes(List<QueueDemand> demands, List<LaneStart> lanes) {
		return Map.of("queues", demands.stream().map(QueueDemand::queue).toArray(String[]::new), //
				"queueLimits", demands.stream().map(QueueDemand::limit).toArray(Integer[]::new), //
				"laneQueues", laneQueues(demands), //
				"priorities", lanes.stream().map((start) -> (short) start.lane().priority()).toArray(Short[]::new), //
				"fronts", lanes.stream().map((start) -> start.lane().front()).toArray(Boolean[]::new), //
				"froms", lanes.stream().map(LaneStart::from).toArray(Long[]::new));
	}

	private static Integer[] laneQueues(List<QueueDemand> demands) {
		List<Integer> numbers = new ArrayList<>();
		for (int i = 0; i < demands.size(); i++) {
			int number = i + 1;
			demands.get(i).lanes().forEach((lane) -> numbers.add(number));
		}
		return numbers.toArray(Integer[]::new);
	}

	// With OffsetDateTime, a claimed job allocates half as much again. The driver moves
	// what lies before the Gregorian calendar to the day of that name in the Julian one.
	private static Instant instant(ResultSet row, int column) throws SQLException {
		Timestamp value = row.getTimestamp(column);
		return (value.getTime() < GREGORIAN) ? Values.zonedInstant(row, column) : value.toInstant();
	}

	private <T> List<T> query(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return this.transactions.executeBare(() -> this.roundTrip.query(statement, parameters, mapper));
	}

	/**
	 * A row of a look.
	 *
	 * @param queue the queue that it tells of, if any
	 * @param lane the lane, in a row that tells of one
	 * @param concurrency the limit on each node, in a row that tells of one
	 * @param fleet whether all nodes together have a limit, in such a row
	 * @param quiet how long nothing becomes due, in the row that tells
	 * @param circuits whether there is anything to know of circuits, in the same row
	 */
	private record Seen(@Nullable String queue, @Nullable Lane lane, @Nullable Integer concurrency, boolean fleet,
			@Nullable Duration quiet, boolean circuits) {

		Seen(ResultSet row, int number) throws SQLException {
			this(row.getString("queue"), (row.getObject("front") != null) ? ClaimedJobMapper.lane(row) : null,
					row.getObject("concurrency", Integer.class), row.getObject("fleet") != null,
					(row.getObject("quiet") != null) ? Duration.of(row.getLong("quiet"), ChronoUnit.MICROS) : null,
					row.getBoolean("circuits"));
		}

		void addTo(Map<String, Integer> perNode, Set<String> bounded) {
			String name = Objects.requireNonNull(this.queue);
			if (this.concurrency != null) {
				perNode.put(name, this.concurrency);
			}
			if (this.fleet) {
				bounded.add(name);
			}
		}

	}

}
