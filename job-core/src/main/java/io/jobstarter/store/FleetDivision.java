package io.jobstarter.store;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

import io.jobstarter.store.FleetQueue.FleetShare;
import org.jspecify.annotations.Nullable;

/**
 * Divides the slots of a queue among the workers that want some. Each is entitled to an
 * equal part; what others do not want of theirs goes to whoever asks. A worker that has
 * more than its part gives back what it does not use when another one lacks some. Where
 * there are more workers than slots, they take turns.
 */
public final class FleetDivision {

	/** How long a worker may keep its slot while others wait that have none. */
	static final Duration TURN = Duration.ofSeconds(5);

	private static final Comparator<FleetShare> LONGEST_FIRST = Comparator.comparing(FleetShare::age)
		.reversed()
		.thenComparing(FleetShare::worker);

	private FleetDivision() {
	}

	/**
	 * Says how many slots a worker has from now on.
	 * @param queue how they are divided so far
	 * @param wish what the worker asks for
	 * @return how many: those that it is {@linkplain #granted granted}, but never fewer
	 * than it holds jobs
	 */
	public static int slots(FleetQueue queue, FleetWish wish) {
		return Math.max(wish.held(), granted(queue, wish));
	}

	/**
	 * Says how many jobs a worker may hold from now on: if it holds more, it claims none
	 * before enough have ended.
	 * @param queue how the slots are divided so far
	 * @param wish what the worker asks for
	 * @return how many; more than it had only as far as slots are free
	 */
	public static int granted(FleetQueue queue, FleetWish wish) {
		Integer limit = limit(queue, wish);
		if (limit == null) {
			return 0;
		}
		List<FleetShare> others = queue.others(wish.worker()).filter(FleetShare::takesPart).toList();
		int free = limit - others.stream().mapToInt(FleetShare::slots).sum();
		int possible = Math.min(wish.wanted(), free);
		int part = limit / (others.size() + 1);
		int granted = (part > 0) ? byParts(others, possible, free, part) : byTurns(queue, wish, others, possible, free);
		return Math.max(0, granted);
	}

	private static @Nullable Integer limit(FleetQueue queue, FleetWish wish) {
		Integer known = queue.limit();
		if (queue.set() != null || wish.declared() == null) {
			return known;
		}
		return (known == null) ? wish.declared() : Math.min(known, wish.declared());
	}

	private static int byParts(List<FleetShare> others, int possible, int free, int part) {
		int lacking = others.stream()
			.mapToInt((other) -> Math.max(0, Math.min(other.wanted(), part) - other.slots()))
			.sum();
		return Math.min(possible, Math.max(part, free - lacking));
	}

	// One slot for each that waits, and those first that have waited for the longest
	// time.
	private static int byTurns(FleetQueue queue, FleetWish wish, List<FleetShare> others, int possible, int free) {
		FleetShare own = queue.of(wish.worker())
			.orElse(new FleetShare(wish.worker(), 0, 0, 0, Duration.ZERO, wish.declared()));
		List<FleetShare> waiting = others.stream().filter((other) -> other.slots() == 0).sorted(LONGEST_FIRST).toList();
		if (own.slots() > 0) {
			boolean over = !waiting.isEmpty() && own.age().compareTo(TURN) >= 0;
			return Math.min(possible, Math.max(over ? 0 : 1, free - waiting.size()));
		}
		long before = waiting.stream()
			.filter((other) -> own.wanted() == 0 || LONGEST_FIRST.compare(other, own) < 0)
			.count();
		return Math.min(possible, (free > before) ? 1 : 0);
	}

}
