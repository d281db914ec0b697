package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

	private final KeyRates keyRates;

	JdbcRateStore(Claims claims, EngineTransactions transactions, Statements statements, Dialect dialect,
			KeyRates keyRates) {
		this.claims = claims;
		this.keyRates = keyRates;
		this.transactions = transactions;
		this.statements = statements;
		this.rows = new RateRows(statements, dialect);
	}

	private static String nameOf(String entry) {
		return "queue:" + entry;
	}

	/**
	 * Names the rows of all entries that a queue may belong to.
	 * @param queue the queue
	 * @return the names
	 */
	static List<String> namesFor(String queue) {
		List<String> names = new ArrayList<>();
		names.add(nameOf(queue));
		for (int length = queue.length(); length >= 0; length--) {
			names.add(nameOf(queue.substring(0, length) + "*"));
		}
		return names;
	}

	@Override
	public RatedClaim claim(ClaimRequest request, String entry, JobRate rate) {
		if (request.isEmpty()) {
			return new RatedClaim(Claimed.NOTHING, Duration.ZERO);
		}
		RatedClaim claim = locked(entry, rate, (row) -> claim(request, row, rate))
			.orElseGet(() -> new RatedClaim(Claimed.NOTHING, ELSEWHERE));
		this.keyRates.announce();
		return claim;
	}

	private Optional<RatedClaim> locked(String entry, JobRate rate, Function<RateRow, RatedClaim> action) {
		Optional<RatedClaim> done = lockedOnce(entry, action);
		if (done.isPresent() || !isMissing(nameOf(entry), rate)) {
			return done;
		}
		return lockedOnce(entry, action);
	}

	private Optional<RatedClaim> lockedOnce(String entry, Function<RateRow, RatedClaim> action) {
		return this.transactions.execute(() -> this.rows.lockUnlessLocked(nameOf(entry)).map(action));
	}

	// Apart from the claim: on some databases another node that inserts it makes the
	// transaction fail.
	private boolean isMissing(String name, JobRate rate) {
		return this.transactions.execute(() -> {
			boolean missing = !this.rows.exists(name);
			if (missing) {
				this.rows.ensure(name, rate);
			}
			return missing;
		});
	}

	private RatedClaim claim(ClaimRequest request, RateRow row, JobRate rate) {
		long now = row.now(rate);
		RateWindow window = row.window();
		int free = window.free(rate, now);
		Claimed claimed = (free > 0) ? claim(request.withLimit(Math.min(free, request.limit()))) : Claimed.NOTHING;
		if (!claimed.jobs().isEmpty()) {
			now = Math.max(now, lastClaimed(claimed.jobs()));
			window = window.take(rate, now, claimed.jobs().size());
			this.rows.change(List.of(new RateChange(row.name(), rate, window, 0, false, null)));
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
		this.transactions.execute(() -> {
			for (RateRow row : this.rows.lock(Map.of(nameOf(entry), rate)).values()) {
				RateWindow window = row.window().take(rate, row.now(rate), jobs);
				this.rows.change(List.of(new RateChange(row.name(), rate, window, 0, false, null)));
			}
			return jobs;
		});
	}

	@Override
	public void tidy(Duration unusedFor) {
		List<String> unused = this.transactions.execute(() -> unused(unusedFor));
		for (String name : unused) {
			this.transactions.execute(() -> this.rows.lockUnlessLocked(name)
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
