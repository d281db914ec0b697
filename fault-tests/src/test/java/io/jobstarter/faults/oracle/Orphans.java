package io.jobstarter.faults.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.jobstarter.faults.oracle.Evidence.Start;

/**
 * Finds when the jobs of nodes that were gone ran again.
 */
final class Orphans {

	private Orphans() {
	}

	static List<Orphan> of(CaseFile file) {
		List<Orphan> orphans = new ArrayList<>();
		for (JobFacts job : file.jobs()) {
			for (NodeEnd end : job.ends()) {
				ranAgain(job, end).map((start) -> new Orphan(job.number(), end, Duration.between(end.at(), start.at())))
					.ifPresent(orphans::add);
			}
		}
		return orphans;
	}

	// A node that claimed the job anew and was gone before the body started has an end of
	// its own, from which the time counts again.
	private static Optional<Start> ranAgain(JobFacts job, NodeEnd end) {
		Instant next = job.ends()
			.stream()
			.map(NodeEnd::at)
			.filter((at) -> at.isAfter(end.at()))
			.findFirst()
			.orElse(Instant.MAX);
		return job.starts()
			.stream()
			.filter((start) -> start.at().isAfter(end.at()) && start.pid() != end.pid())
			.findFirst()
			.filter((start) -> start.at().isBefore(next));
	}

	/**
	 * A job that ran again.
	 *
	 * @param number which job it is
	 * @param end the end of the node that held it
	 * @param latency how long after that end it started again
	 */
	record Orphan(int number, NodeEnd end, Duration latency) {
	}

}
