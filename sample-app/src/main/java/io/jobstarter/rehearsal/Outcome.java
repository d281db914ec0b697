package io.jobstarter.rehearsal;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import io.jobstarter.rehearsal.Downstream.Call;

/**
 * What happened in a rehearsal.
 *
 * @param jobs how many jobs there were
 * @param outage how long the downstream system was broken
 * @param drained whether all jobs succeeded in time
 * @param calls the calls that reached the downstream system
 * @param failedAttempts how many attempts were used up
 * @param mostClaims how often the job was claimed that was claimed most
 * @param deadLetters how many jobs were given up
 */
record Outcome(int jobs, Duration outage, boolean drained, List<Call> calls, int failedAttempts, int mostClaims,
		int deadLetters) {

	/**
	 * How many calls reached the downstream system while it was broken.
	 * @return the number
	 */
	int callsWhileBroken() {
		return (int) this.calls.stream().filter((call) -> !call.answered()).count();
	}

	/**
	 * How many attempts were used up without a call: by a permission that was refused.
	 * @return the number
	 */
	int attemptsWithoutCall() {
		return this.failedAttempts - callsWhileBroken();
	}

	/**
	 * How long after the outage the last job succeeded.
	 * @return the time
	 */
	Duration drainedAfter() {
		return this.calls.stream()
			.filter(Call::answered)
			.map((call) -> call.at().minus(this.outage))
			.max(Comparator.naturalOrder())
			.orElse(Duration.ZERO);
	}

	/**
	 * How far the order of the successes is from that of the enqueues, among the jobs
	 * that never failed: a retry goes to the end of its lane.
	 * @return by how many places the job is off that is off most
	 */
	int disorder() {
		Set<Integer> failed = new HashSet<>();
		this.calls.stream().filter((call) -> !call.answered()).forEach((call) -> failed.add(call.number()));
		List<Integer> order = this.calls.stream()
			.filter(Call::answered)
			.map(Call::number)
			.filter((number) -> !failed.contains(number))
			.toList();
		List<Integer> sorted = order.stream().sorted().toList();
		return IntStream.range(0, order.size())
			.map((place) -> Math.abs(sorted.indexOf(order.get(place)) - place))
			.max()
			.orElse(0);
	}

	/**
	 * Counts calls by time.
	 * @param width how long one interval is
	 * @param intervals how many intervals there are
	 * @return the calls of each
	 */
	int[] callsBy(Duration width, int intervals) {
		int[] counts = new int[intervals];
		for (Call call : this.calls) {
			counts[(int) Math.min(intervals - 1, call.at().dividedBy(width))]++;
		}
		return counts;
	}

}
