package io.jobstarter.faults.oracle;

import java.util.List;
import java.util.Set;

import io.jobstarter.faults.oracle.Evidence.DeadLetterRow;
import io.jobstarter.faults.oracle.Evidence.EffectRow;
import io.jobstarter.faults.oracle.Evidence.Ending;
import io.jobstarter.faults.oracle.Evidence.Failure;
import io.jobstarter.faults.oracle.Evidence.Postponement;
import io.jobstarter.faults.oracle.Evidence.Start;
import io.jobstarter.faults.oracle.Evidence.Unfinished;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one job.
 *
 * @param number which job it is
 * @param planned what was to happen to it, or {@code null} if it was not to be
 * @param ids the ids under which it was stored; more than one means that it was enqueued
 * more than once
 * @param starts its starts, the earliest first
 * @param effects its effects
 * @param postponements its attempts that were made again without being used up
 * @param endings what the history tells of it
 * @param failures its failed attempts
 * @param deadLetters its dead letters
 * @param unfinished its rows among the jobs that are not over
 * @param ends the ends of nodes that held it, the earliest first
 */
record JobFacts(int number, @Nullable PlannedJob planned, Set<Long> ids, List<Start> starts, List<EffectRow> effects,
		List<Postponement> postponements, List<Ending> endings, List<Failure> failures, List<DeadLetterRow> deadLetters,
		List<Unfinished> unfinished, List<NodeEnd> ends) {

	boolean hasSucceeded() {
		return this.endings.stream().anyMatch((ending) -> ending.state().equals("SUCCEEDED"));
	}

	/**
	 * Counts the ends that may have cut a body off. A node claims short jobs ahead of its
	 * slots: what it held and had not started has to start once less.
	 * @return the number of ends of nodes that held the job and had started it
	 */
	int endsAfterStart() {
		return (int) this.ends.stream().filter((end) -> this.starts.stream().anyMatch(end::mayCutOff)).count();
	}

	long kills() {
		return this.ends.stream().filter(NodeEnd::isKill).count();
	}

	/**
	 * Counts the starts that neither a planned failure nor a conflict of transactions
	 * explains.
	 * @return the number of starts beyond one for each attempt
	 */
	int extraStarts() {
		int wanted = (this.planned != null) ? this.planned.failures() + 1 : 0;
		return Math.max(0, this.starts.size() - wanted - this.postponements.size());
	}

}
