package io.jobstarter.faults.oracle;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that is known of a run when it is over: what an oracle judges.
 *
 * @param plan what was to happen
 * @param orphanLimit how soon after its node's end a job has to run again
 * @param period when it took place
 * @param committed the jobs that were enqueued and committed from outside, by number
 * @param ends the nodes that were ended
 * @param disturbances when the database was not there, or not as it should be
 * @param evidence what is in the database
 * @param logs the nodes' logs by the nodes' names
 */
public record RunFacts(Plan plan, Duration orphanLimit, Period period, Map<Integer, Note> committed, List<NodeEnd> ends,
		List<Period> disturbances, Evidence evidence, Map<String, Path> logs) {

	/**
	 * A run whose database was there all the time.
	 */
	public RunFacts(Plan plan, Duration orphanLimit, Period period, Map<Integer, Note> committed, List<NodeEnd> ends,
			Evidence evidence, Map<String, Path> logs) {
		this(plan, orphanLimit, period, committed, ends, List.of(), evidence, logs);
	}

	// What began before may fail in it, and what nodes remember of it may fail after.
	boolean isDisturbed(Instant at) {
		return this.disturbances.stream()
			.anyMatch((period) -> at.isAfter(period.start().minus(DISTURBED))
					&& at.isBefore(period.end().plus(DISTURBED)));
	}

	private static final Duration DISTURBED = Duration.ofSeconds(10);

	/**
	 * When something took place, by the database's clock.
	 *
	 * @param start its start
	 * @param end its end
	 */
	public record Period(Instant start, Instant end) {

		Duration length() {
			return Duration.between(this.start, this.end);
		}

	}

	/**
	 * A job that was enqueued.
	 *
	 * @param jobId its id
	 * @param at when it was known to be committed
	 */
	public record Note(long jobId, Instant at) {
	}

}
