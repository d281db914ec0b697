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
 * @param evidence what is in the database
 * @param logs the nodes' logs by the nodes' names
 */
public record RunFacts(Plan plan, Duration orphanLimit, Period period, Map<Integer, Note> committed, List<NodeEnd> ends,
		Evidence evidence, Map<String, Path> logs) {

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
