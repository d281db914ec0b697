package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.jobstarter.JobRate;
import io.jobstarter.LimitKey;
import io.jobstarter.store.Lane;
import io.jobstarter.store.RatePacer;
import org.jspecify.annotations.Nullable;

/**
 * Lets jobs go that wait for rates: the row of the rate is locked, and tells how many
 * permits are neither taken nor kept for others that were let go.
 */
final class JdbcRatePacer implements RatePacer {

	private static final String DUE = """
			select name from background_job_rate where due_at <= clock_timestamp()
			order by due_at fetch first :limit rows only
			""";

	private static final String NEXT = """
			select min(due_at) as due_at, clock_timestamp() as now from background_job_rate where due_at is not null
			""";

	private static final String WAITED_FOR = """
			select name, permits, per_micros from background_job_rate where due_at is not null
			""";

	private static final String LOOK_AGAIN = """
			update background_job_rate set due_at = clock_timestamp()
			where name = :name and due_at is not null
			""";

	private static final String WAITS = """
			select exists (select 1 from background_job_job where state = 3 and blocked_by = :name)
			""";

	private static final String FORGOTTEN = """
			select w.blocked_by
			from (select distinct blocked_by from background_job_job
			      where state = 3 and blocked_by like 'rate:%') w
			left join background_job_rate r on r.name = w.blocked_by
			where r.due_at is null
			fetch first 100 rows only
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Reads reads;

	private final RateRows rows;

	private final WaitingJobs waiting;

	private final KeyRates keyRates;

	JdbcRatePacer(EngineTransactions transactions, Statements statements, Reads reads, Dialect dialect,
			KeyRates keyRates) {
		this.transactions = transactions;
		this.statements = statements;
		this.reads = reads;
		this.rows = new RateRows(statements, dialect);
		this.waiting = new WaitingJobs(statements, dialect);
		this.keyRates = keyRates;
	}

	@Override
	public void listen(Runnable listener) {
		this.keyRates.listen(listener);
	}

	@Override
	public Paced release(Map<String, JobRate> rates, int limit) {
		Set<Lane> lanes = new HashSet<>();
		for (String name : this.reads.querySmall(DUE, Map.of("limit", limit), (row, number) -> row.getString(1))) {
			lanes.addAll(this.transactions.execute(() -> release(name, rates.get(LimitKey.groupOf(name)))).lanes());
		}
		return new Paced(lanes, untilNext());
	}

	// Locked: another node is at it, or a claim.
	private ReleasedJobs release(String name, @Nullable JobRate known) {
		ReleasedJobs released = new ReleasedJobs();
		this.rows.lockUnlessLocked(name)
			.filter(RateRow::isWaitedFor)
			.ifPresent((row) -> release(row, (known != null) ? known : row.rate(), released));
		return released;
	}

	private void release(RateRow row, JobRate rate, ReleasedJobs released) {
		long now = row.now(rate);
		int outstanding = row.outstanding(rate);
		int room = row.window().free(rate, now) - outstanding;
		boolean more = room <= 0 || this.waiting.release(row.name(), room, released) && isWaitedFor(row.name());
		outstanding += released.count();
		Long dueIn = more ? row.dueIn(rate, row.window(), now, outstanding) : null;
		this.rows.change(List.of(new RateChange(row.name(), rate, row.window().at(rate, now), outstanding,
				released.count() > 0, dueIn)));
	}

	private boolean isWaitedFor(String name) {
		return this.statements.of(WAITS).param("name", name).query(Boolean.class).single();
	}

	private @Nullable Duration untilNext() {
		return this.reads.querySmall(NEXT, Map.of(), (row, number) -> untilNext(row)).get(0).orElse(null);
	}

	private static Optional<Duration> untilNext(ResultSet row) throws SQLException {
		Instant due = Values.nullableInstant(row, "due_at");
		Instant now = Values.instant(row, "now");
		return Optional.ofNullable(due).map((next) -> next.isBefore(now) ? Duration.ZERO : Duration.between(now, next));
	}

	@Override
	public void changed(Map<String, JobRate> rates) {
		if (rates.isEmpty()) {
			return;
		}
		List<Known> known = this.reads.querySmall(WAITED_FOR, Map.of(),
				(row, number) -> new Known(row.getString("name"),
						new JobRate(row.getInt("permits"), Duration.of(row.getLong("per_micros"), ChronoUnit.MICROS))));
		known.stream()
			.filter((row) -> !rates.getOrDefault(LimitKey.groupOf(row.name()), row.rate()).equals(row.rate()))
			.forEach((row) -> lookAgain(row.name()));
	}

	private void lookAgain(String name) {
		this.transactions.execute(() -> this.statements.of(LOOK_AGAIN).param("name", name).update());
	}

	@Override
	public int mend() {
		List<String> forgotten = this.transactions
			.execute(() -> this.statements.of(FORGOTTEN).query(String.class).list());
		forgotten.forEach((name) -> this.transactions.execute(() -> mend(name)));
		return forgotten.size();
	}

	// A rate that nobody knows by now: it lets jobs go ten times in a second, and whoever
	// claims them says more.
	private boolean mend(String name) {
		JobRate rate = new JobRate(1, JobRate.SHORTEST);
		this.rows.lock(Map.of(name, rate))
			.values()
			.forEach((row) -> this.rows
				.change(List.of(new RateChange(name, row.rate(), row.window(), row.released(), false, 0L))));
		return true;
	}

	/**
	 * A rate that jobs wait for.
	 *
	 * @param name the name of its row
	 * @param rate the rate
	 */
	private record Known(String name, JobRate rate) {
	}

}
