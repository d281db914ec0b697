package io.jobstarter.sample.replay;

import java.util.Map;
import java.util.TreeMap;

import io.jobstarter.sample.delivery.DeliveryView;

/**
 * What became of everything that was posted, by event.
 */
final class PostReport {

	private static final String HEADER = "%-32s %8s %8s %10s %8s %11s %6s%n";

	private static final String ROW = "%-32s %8d %8d %10d %8d %11d %6d%n";

	private final Map<String, Tally> tallies = new TreeMap<>();

	Tally of(String event) {
		return this.tallies.computeIfAbsent(event, (name) -> new Tally());
	}

	/**
	 * Whether every post left exactly what it should.
	 * @return whether nothing is lost, and nothing failed
	 */
	boolean isComplete() {
		return this.tallies.values().stream().allMatch(Tally::isComplete);
	}

	@Override
	public String toString() {
		StringBuilder table = new StringBuilder(
				HEADER.formatted("event", "posted", "stored", "processed", "ignored", "duplicates", "dead"));
		Tally total = new Tally();
		this.tallies.forEach((event, tally) -> {
			table.append(tally.row(event));
			total.add(tally);
		});
		return table.append(total.row("total")).toString();
	}

	/**
	 * The numbers of one event.
	 */
	static final class Tally {

		int posted;

		int redelivered;

		int stored;

		int processed;

		int ignored;

		int duplicates;

		int dead;

		/**
		 * Counts a delivery that was found.
		 * @param delivery the delivery
		 */
		void count(DeliveryView delivery) {
			this.stored++;
			this.duplicates += delivery.duplicates();
			switch (delivery.status()) {
				case PROCESSED -> this.processed++;
				case IGNORED -> this.ignored++;
				case WAITING -> {
					// Neither: it is missing in the table.
				}
			}
		}

		private boolean isComplete() {
			return this.posted == this.stored + this.redelivered && this.duplicates == this.redelivered
					&& this.stored == this.processed + this.ignored && this.dead == 0;
		}

		private void add(Tally other) {
			this.posted += other.posted;
			this.redelivered += other.redelivered;
			this.stored += other.stored;
			this.processed += other.processed;
			this.ignored += other.ignored;
			this.duplicates += other.duplicates;
			this.dead += other.dead;
		}

		private String row(String event) {
			return ROW.formatted(event, this.posted, this.stored, this.processed, this.ignored, this.duplicates,
					this.dead) + (isComplete() ? "" : "  ^ not as it should be%n".formatted());
		}

	}

}
