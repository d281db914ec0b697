package io.jobstarter.store;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A queue, or all queues of a wildcard, of which a bounded number of jobs runs over all
 * nodes, and how its slots are divided among the workers.
 *
 * @param name the queue's name, or the wildcard as it is configured
 * @param set the bound that an operator has set, or {@code null}
 * @param shares what each worker has
 */
public record FleetQueue(String name, @Nullable Integer set, List<FleetShare> shares) {

	public FleetQueue {
		shares = List.copyOf(shares);
	}

	/**
	 * Tells how many jobs may run: what an operator has set, or else the lowest bound
	 * that the configuration of a worker names.
	 * @return the bound, or {@code null} if there is none
	 */
	public @Nullable Integer limit() {
		return (this.set != null) ? this.set
				: this.shares.stream()
					.map(FleetShare::declared)
					.filter(Objects::nonNull)
					.min(Integer::compareTo)
					.orElse(null);
	}

	/**
	 * Counts the slots that workers have.
	 * @return how many are not free
	 */
	public int taken() {
		return this.shares.stream().mapToInt(FleetShare::slots).sum();
	}

	/**
	 * Finds the share of a worker.
	 * @param worker the worker
	 * @return its share, or empty
	 */
	public Optional<FleetShare> of(long worker) {
		return this.shares.stream().filter((share) -> share.worker() == worker).findFirst();
	}

	Stream<FleetShare> others(long worker) {
		return this.shares.stream().filter((share) -> share.worker() != worker);
	}

	/**
	 * Replaces the share of a worker.
	 * @param share its share
	 * @return the queue with it
	 */
	public FleetQueue with(FleetShare share) {
		return new FleetQueue(this.name, this.set, Stream.concat(others(share.worker()), Stream.of(share)).toList());
	}

	/**
	 * What a worker has of the slots.
	 *
	 * @param worker the worker
	 * @param slots how many jobs it may hold
	 * @param wanted how many it could use
	 * @param turn the number of its last question
	 * @param age for how long it has had slots, or waited for the first
	 * @param declared the bound that its configuration names, or {@code null}
	 */
	public record FleetShare(long worker, int slots, int wanted, long turn, Duration age, @Nullable Integer declared) {

		boolean takesPart() {
			return this.slots > 0 || this.wanted > 0;
		}

	}

}
