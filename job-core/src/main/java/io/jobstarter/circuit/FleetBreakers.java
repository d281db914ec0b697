package io.jobstarter.circuit;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.jobstarter.BreakerState;
import io.jobstarter.store.BreakerRow;
import io.jobstarter.store.BreakerStore.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers that this node has met, or that the fleet says are not closed.
 * Those of keys come and go: beyond a number, the ones that have not been used for the
 * longest time are dropped, as far as they are closed.
 */
final class FleetBreakers {

	/** How many are kept before some are dropped. */
	static final int MANY = 1_000;

	private static final int MANY_WORKERS = 20;

	private final LocalBreakers locals;

	private final Runnable whenNews;

	/** The instances that handlers of this node name. */
	private final Set<String> instances;

	private final Map<String, FleetBreaker> breakers = new ConcurrentHashMap<>();

	private volatile Known known = new Known(Map.of(), System.nanoTime());

	private volatile long worker;

	/** Who this node was before: what lives on under that id probes nothing any more. */
	private volatile Set<Long> formerWorkers = Set.of();

	FleetBreakers(LocalBreakers locals, Set<String> instances, Runnable whenNews) {
		this.locals = locals;
		this.instances = Set.copyOf(instances);
		this.whenNews = whenNews;
	}

	long worker() {
		return this.worker;
	}

	synchronized void worker(long id) {
		if (this.worker != 0 && this.worker != id) {
			this.formerWorkers = Stream.concat(Stream.of(this.worker), this.formerWorkers.stream())
				.limit(MANY_WORKERS)
				.collect(Collectors.toSet());
		}
		this.worker = id;
	}

	/**
	 * Tells whether this node became the prober when it had another id.
	 * @param row how a breaker stands
	 * @return whether it did
	 */
	boolean wasProbedBefore(BreakerRow row) {
		return row.state() == BreakerState.HALF_OPEN && row.prober() != null
				&& this.formerWorkers.contains(row.prober());
	}

	FleetBreaker get(String instance, String name) {
		FleetBreaker breaker = this.breakers.get(name);
		if (breaker != null) {
			return breaker;
		}
		if (this.breakers.size() >= MANY) {
			dropSome();
		}
		return this.breakers.computeIfAbsent(name, (missing) -> create(instance, name));
	}

	private FleetBreaker create(String instance, String name) {
		FleetBreaker breaker = new FleetBreaker(instance, name, this.locals, this.whenNews);
		Known known = this.known;
		BreakerRow row = known.rows().get(name);
		if (row != null) {
			breaker.follow(row, known.asked(), this.worker);
		}
		return breaker;
	}

	@Nullable FleetBreaker find(String name) {
		return this.breakers.get(name);
	}

	Collection<FleetBreaker> all() {
		return this.breakers.values();
	}

	private synchronized void dropSome() {
		List<FleetBreaker> oldest = this.breakers.values()
			.stream()
			.filter(FleetBreaker::isDispensable)
			.sorted(Comparator.comparingLong(FleetBreaker::usedAt))
			.limit(MANY / 10)
			.toList();
		oldest.forEach((breaker) -> {
			if (this.breakers.remove(breaker.name(), breaker)) {
				breaker.local().remove();
			}
		});
	}

	/**
	 * Follows what was read.
	 * @param snapshot what was read
	 * @param asked {@link System#nanoTime()} before
	 */
	void follow(Snapshot snapshot, long asked) {
		Map<String, BreakerRow> rows = snapshot.breakers()
			.stream()
			.collect(Collectors.toMap(BreakerRow::name, (row) -> row));
		this.known = new Known(rows, asked);
		rows.keySet().forEach((name) -> {
			String instance = BreakerNames.instanceOf(name, this.instances);
			if (instance != null) {
				get(instance, name);
			}
		});
		this.breakers.values()
			.forEach((breaker) -> breaker.follow(rows.getOrDefault(breaker.name(), BreakerRow.closed(breaker.name())),
					asked, this.worker));
	}

	/**
	 * Tells whether the fleet, as far as was heard, lets jobs wait for a breaker.
	 * @return whether one is not closed
	 */
	boolean holdBack() {
		return this.known.rows().values().stream().anyMatch((row) -> !row.state().letsThrough());
	}

	Duration untilProbes() {
		return this.breakers.values()
			.stream()
			.map(FleetBreaker::untilProbes)
			.min(Comparator.naturalOrder())
			.orElse(Duration.ofDays(1));
	}

	/**
	 * What the fleet said last.
	 *
	 * @param rows the breakers that were not closed, by name
	 * @param asked before it was asked
	 */
	private record Known(Map<String, BreakerRow> rows, long asked) {
	}

}
