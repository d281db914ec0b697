package io.jobstarter.faults.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.faults.oracle.Evidence.Ending;
import io.jobstarter.faults.oracle.Orphans.Orphan;
import io.jobstarter.faults.oracle.Violation.Rule;

/**
 * Judges a run by what it has left behind: nothing lost, nothing unexpected, nothing
 * twice but what dead nodes held, and that soon enough.
 */
public final class Oracle {

	private final RunFacts run;

	private final CaseFile file;

	public Oracle(RunFacts run) {
		this.run = run;
		this.file = new CaseFile(run);
	}

	public Verdict judge() {
		List<Orphan> orphans = Orphans.of(this.file);
		List<Violation> violations = new ArrayList<>();
		this.file.jobs().forEach((job) -> violations.addAll(JobRules.check(job)));
		orphans.stream().filter(this::isLate).map(this::late).forEach(violations::add);
		this.file.unexplainedEndings().stream().map(Oracle::unexplained).forEach(violations::add);
		violations.addAll(workersLeft());
		// The worst first: only some are shown.
		violations.sort(Comparator.comparing(Violation::rule));
		return new Verdict(this.run, this.file, orphans, violations);
	}

	/**
	 * Judges only what came of the jobs: whether each has succeeded, once. Where the
	 * database itself fails, so do attempts, and bodies start again.
	 * @return the verdict
	 */
	public Verdict judgeOutcomes() {
		List<Violation> violations = new ArrayList<>();
		this.file.jobs().forEach((job) -> violations.addAll(JobRules.checkOutcome(job)));
		this.file.unexplainedEndings().stream().map(Oracle::unexplained).forEach(violations::add);
		violations.sort(Comparator.comparing(Violation::rule));
		return new Verdict(this.run, this.file, List.of(), violations);
	}

	/**
	 * Tells what happened to a job.
	 * @param number which job it is
	 * @return its timeline
	 */
	public String timeline(int number) {
		return new Timeline(this.run, this.file.job(number)).toString();
	}

	private boolean isLate(Orphan orphan) {
		return orphan.latency().compareTo(this.run.orphanLimit()) > 0;
	}

	private Violation late(Orphan orphan) {
		return new Violation(Rule.LATE, orphan.number(),
				"ran again " + Timeline.seconds(orphan.latency()) + " after the end of " + orphan.end().node()
						+ ", not within " + Timeline.seconds(this.run.orphanLimit()));
	}

	private static Violation unexplained(Ending ending) {
		return new Violation(Rule.UNEXPECTED, null, "the history holds job id " + ending.jobId() + " (" + ending.state()
				+ "), which nobody enqueued and which never started");
	}

	private List<Violation> workersLeft() {
		Set<Long> ended = this.run.ends()
			.stream()
			.filter(NodeEnd::isOver)
			.map(NodeEnd::pid)
			.collect(Collectors.toSet());
		return this.run.evidence()
			.workers()
			.stream()
			.filter(ended::contains)
			.map((pid) -> new Violation(Rule.LEFT, null,
					"a worker's row is left of process " + pid + ", which is gone"))
			.toList();
	}

}
