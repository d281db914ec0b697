package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.jobstarter.JobOutcome;
import io.jobstarter.SettledCounts;

/**
 * Counts what became of attempts: since the start, and by queue within the last minute.
 * Whoever settles only adds to a counter; the rest is done by the heartbeat, which looks
 * at the counters and remembers what they were.
 */
final class SettledWindow {

	static final Duration LENGTH = Duration.ofMinutes(1);

	private final Map<String, Counters> queues = new ConcurrentHashMap<>();

	private final Counters all = new Counters();

	/** The first is the last one that is at least as old as the window is long. */
	private final Deque<Look> looks = new ArrayDeque<>();

	SettledWindow(long now) {
		this.looks.add(new Look(now, Map.of()));
	}

	void count(String queue, JobOutcome outcome) {
		LongAdder counter = this.queues.computeIfAbsent(queue, (name) -> new Counters()).of(outcome);
		counter.increment();
		this.all.of(outcome).increment();
	}

	SettledCounts sinceStart() {
		return this.all.sum();
	}

	/**
	 * Says how many queues have counters, however many came and went.
	 * @return the number of queues
	 */
	int remembered() {
		return this.queues.size();
	}

	/**
	 * Looks at the counters.
	 * @param now the time, by {@link System#nanoTime()}
	 * @return what was counted within the window
	 */
	synchronized Counted look(long now) {
		Map<String, SettledCounts> sums = new HashMap<>();
		this.queues.forEach((queue, counters) -> sums.put(queue, counters.sum()));
		this.looks.add(new Look(now, sums));
		while (this.looks.size() > 2 && now - second().at() >= LENGTH.toNanos()) {
			this.looks.remove();
		}
		Look first = this.looks.element();
		Map<String, SettledCounts> counted = new HashMap<>();
		sums.forEach(
				(queue, sum) -> counted.put(queue, sum.minus(first.sums().getOrDefault(queue, SettledCounts.NONE))));
		counted.values().removeIf((counts) -> counts.total() == 0);
		forget(first, counted);
		return new Counted(Duration.ofNanos(now - first.at()), counted);
	}

	private Look second() {
		return this.looks.stream().skip(1).findFirst().orElseThrow();
	}

	// Queues that come and go, as with tenants. One that is counted at this very moment
	// may
	// lose an attempt, of statistics only.
	private void forget(Look first, Map<String, SettledCounts> counted) {
		List<String> idle = first.sums().keySet().stream().filter((queue) -> !counted.containsKey(queue)).toList();
		idle.forEach((queue) -> {
			this.queues.remove(queue);
			this.looks.forEach((look) -> look.sums().remove(queue));
		});
	}

	/**
	 * What was counted.
	 *
	 * @param window within which time
	 * @param queues the counts that are not zero, by queue
	 */
	record Counted(Duration window, Map<String, SettledCounts> queues) {
	}

	/**
	 * What the counters were.
	 *
	 * @param at when, by {@link System#nanoTime()}
	 * @param sums the counters, by queue
	 */
	private record Look(long at, Map<String, SettledCounts> sums) {
	}

	/**
	 * The counters of one queue.
	 */
	private static final class Counters {

		private final LongAdder[] counters = new LongAdder[6];

		Counters() {
			Arrays.setAll(this.counters, (kind) -> new LongAdder());
		}

		LongAdder of(JobOutcome outcome) {
			return this.counters[kind(outcome)];
		}

		private static int kind(JobOutcome outcome) {
			if (outcome instanceof JobOutcome.Succeeded) {
				return 0;
			}
			if (outcome instanceof JobOutcome.Retried) {
				return 1;
			}
			if (outcome instanceof JobOutcome.Discarded) {
				return 3;
			}
			if (outcome instanceof JobOutcome.Cancelled) {
				return 4;
			}
			return (outcome instanceof JobOutcome.Dead) ? 5 : 2;
		}

		SettledCounts sum() {
			return new SettledCounts(sum(0), sum(1), sum(2), sum(3), sum(4), sum(5));
		}

		private long sum(int kind) {
			return this.counters[kind].sum();
		}

	}

}
