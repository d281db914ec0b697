package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import io.jobstarter.JobRate;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.RateStore;
import io.jobstarter.store.RateWindow;

/**
 * Claims under a rate: the row of the rate is locked first, then as many jobs are claimed
 * as it has free permits.
 */
final class JdbcRateStore implements RateStore {

	/** How long to leave alone what another node is just claiming from. */
	private static final Duration ELSEWHERE = Duration.ofMillis(10);

	private static final String UNUSED = """
			select name from background_job_rate
			where due_at is null
			  and touched_at < clock_timestamp() - cast(:unusedFor as bigint) * interval '0.000001' second
			  and touched_at < clock_timestamp() - background_job_rate.per_micros * interval '0.000001' second
			""";

	private static final String DELETE = """
			delete from background_job_rate where name = :name
			""";

	private final Claims claims;

	private final EngineTransactions transactions;

	private final Statements statements;

	private final RateRows rows;

	JdbcRateStore(Claims claims, EngineTransactions transactions, Statements statements, Dialect dialect) {
		this.claims = claims;
		this.transactions = transactions;
		this.statements = statements;
		this.rows = new RateRows(transactions, statements, dialect);
	}

	private static String nameOf(String entry) {
		return "queue:" + entry;
	}

	@Override
	public RatedClaim claim(ClaimRequest request, String entry, JobRate rate) {
		if (request.isEmpty()) {
			return new RatedClaim(Claimed.NOTHING, Duration.ZERO);
		}
		return locked(entry, rate, (row) -> claim(request, row, rate))
			.orElseGet(() -> new RatedClaim(Claimed.NOTHING, ELSEWHERE));
	}

	private <T> Optional<T> locked(String entry, JobRate rate, Function<RateRow, T> action) {
		Optional<T> done = lockedOnce(entry, action);
		return (done.isEmpty() && this.rows.ensure(nameOf(entry), rate)) ? lockedOnce(entry, action) : done;
	}

	private <T> Optional<T> lockedOnce(String entry, Function<RateRow, T> action) {
		return this.transactions.execute(() -> this.rows.lock(nameOf(entry)).map(action));
	}

	private RatedClaim claim(ClaimRequest request, RateRow row, JobRate rate) {
		long now = row.window().now(rate, row.clock());
		RateWindow window = row.window();
		int free = window.free(rate, now);
		Claimed claimed = (free > 0) ? claim(request.withLimit(Math.min(free, request.limit()))) : Claimed.NOTHING;
		if (!claimed.jobs().isEmpty()) {
			now = Math.max(now, lastClaimed(claimed.jobs()));
			window = window.take(rate, now, claimed.jobs().size());
			this.rows.take(row.name(), rate, window);
		}
		return new RatedClaim(claimed, Duration.of(window.untilFree(rate, now, 1), ChronoUnit.MICROS));
	}

	private Claimed claim(ClaimRequest request) {
		Claimed claimed = this.claims.claimInTransaction(request);
		return new Claimed(JdbcClaimStore.inOrder(claimed.jobs(), request), claimed.blocked());
	}

	// A permit counts from when its job was claimed, a little after the look.
	private static long lastClaimed(List<ClaimedJob> jobs) {
		return jobs.stream().mapToLong((job) -> RateRow.micros(job.claimedAt())).max().orElseThrow();
	}

	@Override
	public void count(String entry, JobRate rate, int jobs) {
		this.rows.ensure(nameOf(entry), rate);
		this.transactions.execute(() -> {
			Optional<RateRow> locked = this.rows.await(nameOf(entry));
			locked.ifPresent((row) -> {
				long now = row.window().now(rate, row.clock());
				this.rows.take(row.name(), rate, row.window().take(rate, now, jobs));
			});
			return locked;
		});
	}

	@Override
	public void tidy(Duration unusedFor) {
		List<String> unused = this.transactions.execute(() -> unused(unusedFor));
		for (String name : unused) {
			this.transactions.execute(() -> this.rows.lock(name)
				.filter((row) -> row.isUnusedFor(unusedFor))
				.map((row) -> this.statements.of(DELETE).param("name", name).update()));
		}
	}

	private List<String> unused(Duration unusedFor) {
		return this.statements.of(UNUSED)
			.param("unusedFor", Values.micros(unusedFor))
			.query((row, number) -> row.getString("name"))
			.list();
	}

}
