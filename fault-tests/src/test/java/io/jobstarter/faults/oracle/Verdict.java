package io.jobstarter.faults.oracle;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import io.jobstarter.faults.oracle.NodeEnd.Signal;
import io.jobstarter.faults.oracle.Orphans.Orphan;
import io.jobstarter.faults.oracle.Violation.Rule;

/**
 * What an oracle says of a run.
 *
 * @param run the run
 * @param file its facts by jobs
 * @param orphans the jobs of nodes that were gone, as often as they ran again
 * @param violations the rules that were broken
 */
public record Verdict(RunFacts run, CaseFile file, List<Orphan> orphans, List<Violation> violations) {

	private static final int SHOWN = 20;

	private static final int TIMELINES = 5;

	public boolean isGood() {
		return this.violations.isEmpty();
	}

	long lost() {
		return count(Rule.LOST);
	}

	long unexpected() {
		return count(Rule.UNEXPECTED);
	}

	int duplicated() {
		return this.file.jobs().stream().mapToInt(JobFacts::extraStarts).sum();
	}

	int recovered() {
		return this.orphans.size();
	}

	int inFlight() {
		return this.run.ends().stream().mapToInt((end) -> end.held().size()).sum();
	}

	Duration slowestOrphan() {
		return this.orphans.stream().map(Orphan::latency).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
	}

	/**
	 * Sums the run up.
	 * @return one line
	 */
	public String summary() {
		long kills = count(Signal.KILL);
		long freezes = count(Signal.STOP);
		String struck = kills + " kills and " + count(Signal.TERM) + " stops"
				+ ((freezes > 0) ? ", and " + freezes + " freezes" : "");
		return "lost %d, unexpected %d, duplicated %d (in flight at the ends of nodes: %d), recovered %d; "
			.formatted(lost(), unexpected(), duplicated(), inFlight(), recovered())
				+ "%d of %d jobs have an effect; %s in %s; ".formatted(this.run.evidence().effects().size(),
						this.run.plan().effects(), struck, Timeline.seconds(this.run.period().length()))
				+ "the slowest orphan ran again after %s of %s".formatted(Timeline.seconds(slowestOrphan()),
						Timeline.seconds(this.run.orphanLimit()));
	}

	/**
	 * Explains what went wrong.
	 * @return the broken rules, and the timelines of the jobs that broke them
	 */
	public String explanation() {
		String rules = this.violations.stream().limit(SHOWN).map(Violation::toString).collect(Collectors.joining("\n"));
		String more = (this.violations.size() > SHOWN) ? "\n… and " + (this.violations.size() - SHOWN) + " more" : "";
		return rules + more + "\n\n" + timelines();
	}

	private String timelines() {
		return this.violations.stream()
			.map(Violation::number)
			.filter(Objects::nonNull)
			.distinct()
			.limit(TIMELINES)
			.map((number) -> new Timeline(this.run, this.file.job(number)).toString())
			.collect(Collectors.joining("\n"));
	}

	private long count(Signal signal) {
		return this.run.ends().stream().filter((end) -> end.signal() == signal).count();
	}

	private long count(Rule rule) {
		return this.violations.stream().filter((violation) -> violation.rule() == rule).count();
	}

}
