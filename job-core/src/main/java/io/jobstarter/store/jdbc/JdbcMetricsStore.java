package io.jobstarter.store.jdbc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import io.jobstarter.JobState;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.BreakerRow;
import io.jobstarter.store.MetricsStore;

/**
 * What gauges show of the database.
 */
final class JdbcMetricsStore implements MetricsStore {

	private static final int COUNTED_LETTERS = 10_000;

	private static final String OPEN_BREAKERS = """
			select name from background_job_breaker where state not in ('CLOSED', 'FORCED_CLOSED')
			""";

	private static final String LETTERS = """
			select l.name, count(*) as letters
			from (select name from background_job_dead_letter where resolved_at is null
			      fetch first :counted rows only) l
			group by l.name
			""";

	/** Pages at random, the same ones each time: see {@link PostgresDepths}. */
	static final String LETTER_PAGES = """
			select name, count(*) / (select least(100, 51200.0 / greatest(512,
			        pg_relation_size('background_job_dead_letter') / current_setting('block_size')::int))) * 100
			        as letters
			from background_job_dead_letter tablesample system ((select least(100, 51200.0 / greatest(512,
			        pg_relation_size('background_job_dead_letter') / current_setting('block_size')::int))))
			        repeatable (1)
			where resolved_at is null
			group by name
			""";

	private final Reads reads;

	private final DepthReader depths;

	/** One of its own: it remembers, and is asked from another thread. */
	private final DepthReader readyDepths;

	private final QueueQueries queues;

	private final boolean samples;

	private final LongSupplier historyFailures;

	JdbcMetricsStore(Reads reads, Dialect dialect, LongSupplier historyFailures) {
		this.reads = reads;
		this.depths = dialect.depths(reads);
		this.readyDepths = dialect.depths(reads);
		this.queues = new QueueQueries(reads, this.depths);
		this.samples = dialect.samplesPages();
		this.historyFailures = historyFailures;
	}

	@Override
	public FleetReading fleet() {
		Depths depths = new Depths();
		this.depths.read(depths);
		List<String> open = this.reads.querySmall(OPEN_BREAKERS, Map.of(), (row, number) -> row.getString("name"));
		List<WorkerInfo> workers = this.reads
			.querySmall(WorkerQueries.WORKERS, Map.of(), (row, number) -> WorkerQueries.worker(row))
			.stream()
			.filter(WorkerInfo::alive)
			.toList();
		return new FleetReading(this.queues.list(depths), breakers(depths.parked()), Set.copyOf(open), workers);
	}

	// What one breaker stops may be blocked for one reason before and another after it.
	private static Map<String, Long> breakers(Map<String, Long> blockedBy) {
		Map<String, Long> breakers = new HashMap<>();
		blockedBy.forEach((reason, jobs) -> {
			String breaker = BreakerRow.breakerOf(reason);
			if (breaker != null) {
				breakers.merge(breaker, jobs, Long::sum);
			}
		});
		return breakers;
	}

	@Override
	public synchronized Map<String, Long> readyJobs() {
		Depths depths = new Depths();
		this.readyDepths.read(depths);
		Map<String, Long> ready = new HashMap<>();
		depths.forEach((queue, depth) -> {
			Long jobs = depth.jobs().get(JobState.READY);
			if (jobs != null) {
				ready.put(queue, jobs);
			}
		});
		return ready;
	}

	@Override
	public Map<String, Long> openDeadLetters() {
		Map<String, Long> counted = letters(LETTERS, Map.of("counted", COUNTED_LETTERS));
		long all = counted.values().stream().mapToLong(Long::longValue).sum();
		if (all < COUNTED_LETTERS || !this.samples) {
			return counted;
		}
		Map<String, Long> sampled = letters(LETTER_PAGES, Map.of());
		counted.forEach((name, letters) -> sampled.merge(name, letters, Math::max));
		return sampled;
	}

	private Map<String, Long> letters(String statement, Map<String, Object> parameters) {
		Map<String, Long> letters = new HashMap<>();
		this.reads
			.query(statement, parameters,
					(row, number) -> Map.entry(row.getString("name"), Math.round(row.getDouble("letters"))))
			.forEach((entry) -> letters.put(entry.getKey(), entry.getValue()));
		return letters;
	}

	@Override
	public long historyFailures() {
		return this.historyFailures.getAsLong();
	}

}
