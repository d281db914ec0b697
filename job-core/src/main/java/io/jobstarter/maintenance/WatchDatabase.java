package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import io.jobstarter.store.DatabaseWatch;
import io.jobstarter.store.DatabaseWatch.Holder;
import io.jobstarter.store.DatabaseWatch.Sight;
import io.jobstarter.store.DatabaseWatch.TableSize;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;

/**
 * Looks at the health of our tables once a minute: how large they are, and who has a
 * snapshot so old that what was deleted cannot be removed. Of one that is older than a
 * threshold the node that has run for the longest time warns, once. What the role of the
 * application may not see is left out.
 */
public final class WatchDatabase implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(WatchDatabase.class);

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

	private static final int MAX_SHOWN = 100;

	private final DatabaseWatch database;

	private final Duration threshold;

	private final LongSupplier self;

	private final LongSupplier nanos;

	/** When each holder was seen first: since when it is there may be hidden. */
	private final Map<String, Long> firstSeen = new HashMap<>();

	private final Set<String> warned = new HashSet<>();

	private volatile @Nullable Condition condition;

	/**
	 * Makes the duty.
	 * @param database what to look at
	 * @param threshold from which age on a snapshot is warned of
	 * @param self the id of this node's worker
	 */
	public WatchDatabase(DatabaseWatch database, Duration threshold, LongSupplier self) {
		this(database, threshold, self, System::nanoTime);
	}

	WatchDatabase(DatabaseWatch database, Duration threshold, LongSupplier self, LongSupplier nanos) {
		this.database = database;
		this.threshold = threshold;
		this.self = self;
		this.nanos = nanos;
	}

	@Override
	public Duration run() {
		Sight sight;
		try {
			sight = this.database.look();
		}
		catch (DataAccessException ex) {
			// Other duties show that the database is away. A right that lacks must not
			// make the node look ill.
			logger.debug("The tables could not be looked at", ex);
			this.condition = null;
			return AFTER_FAILURE;
		}
		Map<String, Duration> ages = ages(sight.holders());
		this.condition = new Condition(sight.tables(),
				ages.values().stream().max(Duration::compareTo).orElse(Duration.ZERO));
		warn(sight, ages);
		return INTERVAL;
	}

	/**
	 * Tells what was seen last.
	 * @return the condition of the database, or {@code null} if nothing is known
	 */
	public @Nullable Condition condition() {
		return this.condition;
	}

	private Map<String, Duration> ages(List<Holder> holders) {
		long now = this.nanos.getAsLong();
		Map<String, Duration> ages = new HashMap<>();
		for (Holder holder : holders) {
			long since = this.firstSeen.computeIfAbsent(key(holder), (key) -> now);
			Duration told = holder.age();
			// Behind one old snapshot all have the same horizon, also a session whose
			// transactions are short: what it tells of itself goes before what was seen.
			ages.put(key(holder), (told != null) ? told : Duration.ofNanos(now - since));
		}
		this.firstSeen.keySet().retainAll(ages.keySet());
		return ages;
	}

	// A session that has ended one transaction and begun another is another holder.
	private static String key(Holder holder) {
		return holder.kind() + " " + holder.name() + " " + holder.horizon();
	}

	private void warn(Sight sight, Map<String, Duration> ages) {
		this.warned.retainAll(ages.keySet());
		for (Holder holder : sight.holders()) {
			Duration age = ages.getOrDefault(key(holder), Duration.ZERO);
			// In this order: it may become the first one while the holder is still there.
			if (age.compareTo(this.threshold) >= 0 && sight.firstWorker() == this.self.getAsLong()
					&& this.warned.add(key(holder))) {
				logger.warn(text(holder, age));
			}
		}
	}

	private static String text(Holder holder, Duration age) {
		return "An old snapshot holds back vacuum: rows of finished jobs cannot be removed, and claims get slower. It is "
				+ ("session".equals(holder.kind()) ? "the session with pid " : "the " + holder.kind() + " ")
				+ shown(holder.name()) + " (application " + shown(holder.application()) + ", user "
				+ shown(holder.user()) + ", state " + shown(holder.state()) + "), for "
				+ Duration.ofSeconds(age.toSeconds()) + " at least";
	}

	private static String shown(@Nullable String text) {
		return (text == null || text.isEmpty()) ? "unknown" : CleanText.printable(text, MAX_SHOWN);
	}

	/**
	 * The condition of the database.
	 *
	 * @param tables our tables
	 * @param heldBack for how long vacuum has been held back, 0 if it is not
	 */
	public record Condition(List<TableSize> tables, Duration heldBack) {
	}

}
