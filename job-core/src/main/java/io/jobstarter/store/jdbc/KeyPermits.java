package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import io.jobstarter.LimitKey;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.jdbc.KeyRows.Change;
import io.jobstarter.store.jdbc.KeyRows.KeyRow;
import io.jobstarter.store.jdbc.KeyRows.Taken;
import io.jobstarter.store.jdbc.KeyRows.Wanted;
import io.jobstarter.support.AfterCommit;
import org.jspecify.annotations.Nullable;

/**
 * Gives the permits of keys to jobs that are claimed, and takes them back when claims
 * end.
 * <p>
 * A permit belongs to a claim: it is taken in the transaction that claims the job, and
 * given back in the transaction of whichever fenced statement ends the claim. Whoever
 * does so locks the rows of the keys before the rows of jobs, all in one order. Only a
 * claim comes with rows of jobs in hand: rows that were free, which nobody who holds a
 * key waits for. A job that does not get all its keys gives back those that it got in the
 * same transaction, and waits for one of the others.
 * <p>
 * Who gives a permit back looks for jobs that wait with the key still locked. One that is
 * blocked by then is found; one that comes later finds the permit.
 */
final class KeyPermits {

	private static final Comparator<ClaimedJob> ORDER = Comparator
		.comparingInt((ClaimedJob job) -> -job.lane().priority())
		.thenComparing((job) -> !job.lane().front())
		.thenComparingLong(ClaimedJob::position);

	private static final String FREE_UNIQUE_KEYS = """
			update background_job_job set unique_key = null
			where id = any (cast(:ids as bigint array)) and unique_until = 0
			""";

	private final KeyRows rows;

	private final KeyRates rates;

	private final WaitingJobs waiting;

	private final ReleasedLanes released = new ReleasedLanes();

	private final Statements statements;

	private final Dialect dialect;

	KeyPermits(KeyRows rows, Statements statements, Dialect dialect) {
		this.rows = rows;
		this.statements = statements;
		this.dialect = dialect;
		this.waiting = dialect.waitingJobs(statements);
		this.rates = new KeyRates(statements, dialect);
	}

	/**
	 * Makes it where permits are taken and given back in several statements.
	 * @param statements the statements of the transactions
	 * @param dialect the database
	 * @return the permits
	 */
	static KeyPermits of(Statements statements, Dialect dialect) {
		return new KeyPermits(new KeyRows(statements, dialect), statements, dialect);
	}

	KeyRows rows() {
		return this.rows;
	}

	/**
	 * Who hears of jobs that were let go.
	 * @return to be told after the commit
	 */
	ReleasedLanes released() {
		return this.released;
	}

	KeyRates rates() {
		return this.rates;
	}

	/**
	 * Gives permits to jobs that are being claimed, and blocks those that do not get
	 * them.
	 * @param claimed the jobs, whose rows are locked
	 * @param terms on what terms
	 * @return the jobs that may run, those without keys included
	 */
	Claimed grant(List<ClaimedJob> claimed, KeyTerms terms) {
		List<ClaimedJob> keyed = claimed.stream().filter(ClaimedJob::isKeyed).sorted(ORDER).toList();
		if (keyed.isEmpty()) {
			return new Claimed(claimed, 0);
		}
		List<ClaimedJob> startable = keyed.stream().limit(Math.max(0, terms.startable())).toList();
		List<Wanted> wanted = wanted(startable, terms);
		Grant grant = new Grant(wanted.isEmpty() ? Map.of() : this.rows.take(wanted), heads(startable),
				this.rates.open(startable, terms));
		startable.forEach(grant::decide);
		this.rows.change(grant.corrections());
		pass(grant.passedOn());
		this.rates.write(grant.rates);
		park(grant.blocked());
		List<ClaimedJob> tooEarly = keyed.subList(startable.size(), keyed.size());
		makeReady(tooEarly.stream().map(ClaimedJob::id).toList());
		return claimed(claimed, grant, tooEarly);
	}

	// Nobody else would let those go that wait for them.
	private void pass(Map<String, Integer> permits) {
		ReleasedJobs released = new ReleasedJobs();
		permits.forEach((name, count) -> {
			if (!this.waiting.release(name, count, released)) {
				this.rows.change(List.of(Change.waiting(name, 0, false)));
			}
		});
		if (released.count() > 0) {
			AfterCommit.run(() -> this.released.announce(released.lanes()));
		}
	}

	private static Claimed claimed(List<ClaimedJob> claimed, Grant grant, List<ClaimedJob> tooEarly) {
		Set<Long> denied = new HashSet<>(grant.blocked().keySet());
		tooEarly.forEach((job) -> denied.add(job.id()));
		return new Claimed(claimed.stream().filter((job) -> !denied.contains(job.id())).toList(),
				grant.blocked().size());
	}

	private static List<Wanted> wanted(List<ClaimedJob> jobs, KeyTerms terms) {
		Map<String, Wanted> wanted = new TreeMap<>();
		for (ClaimedJob job : jobs) {
			for (LimitKey key : job.keys()) {
				wanted.merge(key.id(),
						new Wanted(key.id(), key.group(), key.kind().isOrder(), 1, terms.permitsOf(key.group())),
						(one, more) -> one.plus(more.count()));
			}
		}
		return List.copyOf(wanted.values());
	}

	// Read behind the lock of the keys: what was first before may have ended meanwhile.
	private Map<String, Long> heads(List<ClaimedJob> jobs) {
		List<String> orders = jobs.stream()
			.map((job) -> LimitKey.orderOf(job.keys()))
			.filter(Objects::nonNull)
			.distinct()
			.toList();
		return orders.isEmpty() ? Map.of() : this.waiting.heads(orders);
	}

	private void park(Map<Long, String> blocked) {
		if (!blocked.isEmpty()) {
			this.statements.of(this.dialect.park())
				.param("ids", Values.ids(blocked.keySet()))
				.param("reasons", blocked.values().toArray(String[]::new))
				.param("state", WaitingJobs.WAITS_FOR_KEY)
				.update();
		}
	}

	private void makeReady(List<Long> ids) {
		if (!ids.isEmpty()) {
			this.statements.of(this.dialect.makeReady())
				.param("ids", Values.ids(ids))
				.param("front", true)
				.param("crashes", 0)
				.update();
		}
	}

	/**
	 * Gives permits to jobs that are being claimed, as {@link #grant(List, KeyTerms)}
	 * does, and frees the unique keys of those that may run.
	 * @param claimed the jobs, whose rows are locked
	 * @param uniqueUntilStart the ids of those with keys that hold a unique key until
	 * they start
	 * @param terms on what terms
	 * @return the jobs that may run, those without keys included
	 */
	Claimed grant(List<ClaimedJob> claimed, Set<Long> uniqueUntilStart, KeyTerms terms) {
		Claimed granted = grant(claimed, terms);
		List<Long> starting = uniqueUntilStart.isEmpty() ? List.of()
				: granted.jobs().stream().map(ClaimedJob::id).filter(uniqueUntilStart::contains).toList();
		if (!starting.isEmpty()) {
			this.statements.of(FREE_UNIQUE_KEYS).param("ids", Values.ids(starting)).update();
		}
		return granted;
	}

	/**
	 * Gives back the permits of claims that may end now, and locks their keys. To be
	 * called before any row of a job is locked.
	 * @param claims the keys of each claim
	 * @return what was given back, to be {@linkplain Returned#settle settled}
	 */
	Returned giveBack(Collection<List<LimitKey>> claims) {
		Map<String, Integer> counts = count(claims);
		return counts.isEmpty() ? new Returned(counts, Map.of()) : new Returned(counts, this.rows.giveBack(counts));
	}

	private static Map<String, Integer> count(Collection<List<LimitKey>> claims) {
		Map<String, Integer> counts = new TreeMap<>();
		claims.forEach((keys) -> LimitKey.held(keys).forEach((key) -> counts.merge(key.id(), 1, Integer::sum)));
		return counts;
	}

	private void release(String name, KeyRow row, int delta, ReleasedJobs released) {
		boolean more = row.waiting();
		if (row.waiting() && row.free() > 0) {
			more = this.waiting.release(name, row.free(), released);
		}
		if (delta != 0 || more != row.waiting()) {
			this.rows.change(List.of(Change.waiting(name, delta, more)));
		}
	}

	/**
	 * Who gets permits, and who does not.
	 */
	private static final class Grant {

		private final Map<String, Taken> taken;

		private final Map<String, Integer> left = new TreeMap<>();

		private final Map<String, Long> heads;

		private final RateGrant rates;

		private final Map<Long, String> blocked = new LinkedHashMap<>();

		Grant(Map<String, Taken> taken, Map<String, Long> heads, RateGrant rates) {
			this.rates = rates;
			this.taken = taken;
			taken.forEach((name, one) -> this.left.put(name, one.permits()));
			this.heads = heads;
		}

		void decide(ClaimedJob job) {
			String missing = missing(job);
			String tooFast = this.rates.decide(job, missing == null);
			missing = (missing != null) ? missing : tooFast;
			if (missing != null) {
				this.blocked.put(job.id(), missing);
			}
			else {
				job.keys().forEach((key) -> this.left.merge(key.id(), -1, Integer::sum));
			}
		}

		private @Nullable String missing(ClaimedJob job) {
			return job.keys()
				.stream()
				.filter((key) -> this.left.getOrDefault(key.id(), 0) <= 0 || isOutOfTurn(job, key))
				.map(LimitKey::id)
				.findFirst()
				.orElse(null);
		}

		// Who has waited comes back in front, and goes before newcomers.
		private boolean isOutOfTurn(ClaimedJob job, LimitKey key) {
			if (key.kind().isOrder()) {
				return !Objects.equals(this.heads.get(key.id()), job.id());
			}
			return !job.lane().front() && Objects.requireNonNull(this.taken.get(key.id())).waiting();
		}

		Map<Long, String> blocked() {
			return this.blocked;
		}

		// Of keys that jobs had come for which lack something else, while others wait.
		Map<String, Integer> passedOn() {
			Set<String> waitedFor = new HashSet<>(this.blocked.values());
			Map<String, Integer> permits = new TreeMap<>(this.left);
			permits.values().removeIf((count) -> count <= 0);
			permits.keySet()
				.removeIf(
						(name) -> waitedFor.contains(name) || !Objects.requireNonNull(this.taken.get(name)).waiting());
			return permits;
		}

		// What was taken and not used, and what is waited for now.
		List<Change> corrections() {
			Set<String> waitedFor = new HashSet<>(this.blocked.values());
			List<Change> changes = new ArrayList<>();
			this.left.forEach((name, unused) -> {
				if (waitedFor.contains(name)) {
					changes.add(Change.waiting(name, -unused, true));
				}
				else if (unused > 0) {
					changes.add(Change.of(name, -unused));
				}
			});
			return changes;
		}

	}

	/**
	 * Permits that were given back before it is known which claims end.
	 */
	final class Returned {

		private final Map<String, Integer> counts;

		private final Map<String, KeyRow> rows;

		private Returned(Map<String, Integer> counts, Map<String, KeyRow> rows) {
			this.counts = counts;
			this.rows = rows;
		}

		/**
		 * Takes those back that belong to claims which did not end, and lets those go
		 * that wait for the others.
		 * @param ended the keys of each claim that ended
		 * @return what was let go
		 */
		ReleasedJobs settle(Collection<List<LimitKey>> ended) {
			ReleasedJobs released = new ReleasedJobs();
			if (this.counts.isEmpty()) {
				return released;
			}
			Map<String, Integer> over = new HashMap<>(count(ended));
			this.rows.forEach((name, row) -> {
				int kept = Objects.requireNonNull(this.counts.get(name)) - over.getOrDefault(name, 0);
				release(name, row.plus(kept), kept, released);
			});
			return released;
		}

	}

}
