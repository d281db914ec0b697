package io.jobstarter.faults.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.jobstarter.faults.oracle.RunFacts.Note;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a job, in the order in which it happened.
 */
public final class Timeline {

	private final RunFacts run;

	private final JobFacts job;

	private final List<Entry> entries = new ArrayList<>();

	Timeline(RunFacts run, JobFacts job) {
		this.run = run;
		this.job = job;
		addEnqueue(run.committed().get(job.number()));
		addRuns();
		addEnds();
		new NodeLogs(run.logs()).linesOf(job, this::add);
		this.entries.sort(Comparator.comparing(Entry::at));
	}

	public static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
	}

	private void addEnqueue(@Nullable Note note) {
		if (note != null) {
			add(note.at(), "the enqueue was committed, as job id " + note.jobId());
		}
	}

	private void addRuns() {
		this.job.starts()
			.forEach((start) -> add(start.at(), "attempt " + start.attempt() + " starts as job id " + start.jobId()
					+ " on " + start.node() + " (pid " + start.pid() + "), held by " + start.fence()));
		this.job.effects()
			.forEach((effect) -> add(effect.begunAt(),
					"the transaction begins, on " + effect.node() + ", whose effect is there"));
		this.job.postponements()
			.forEach((row) -> add(row.at(), "the attempt on " + row.node() + " met a conflict: it is made again"));
		this.job.ends()
			.forEach((end) -> add(end.at(), end.node() + " (pid " + end.pid() + ") gets SIG" + end.signal()
					+ "; when it is gone it still holds the job"));
	}

	private void addEnds() {
		this.job.failures()
			.forEach((failure) -> add(failure.at(), "attempt " + failure.attempt() + " is recorded as failed by worker "
					+ failure.worker() + ": " + failure.error()));
		this.job.endings().forEach((ending) -> {
			add(ending.enqueuedAt(), "job id " + ending.jobId() + " is created");
			add(ending.finishedAt(), "it enters the history: " + ending);
		});
		this.job.deadLetters().forEach((letter) -> {
			add(letter.enqueuedAt(), "job id " + letter.jobId() + " is created");
			add(letter.diedAt(), "it is buried: " + letter);
		});
		this.job.unfinished().forEach((row) -> {
			add(row.enqueuedAt(), "job id " + row.jobId() + " is created");
			add(this.run.period().end(), "the run is over and it is still there: " + row.state());
		});
	}

	private void add(Instant at, String what) {
		this.entries.add(new Entry(at, what));
	}

	@Override
	public String toString() {
		return "job " + this.job.number() + ((this.job.planned() != null) ? ", planned as " + this.job.planned() : "")
				+ "\n" + this.entries.stream().map(this::line).collect(Collectors.joining());
	}

	private String line(Entry entry) {
		Duration since = Duration.between(this.run.period().start(), entry.at());
		return String.format(Locale.ROOT, "%12s  %s%n", seconds(since), entry.what());
	}

	private record Entry(Instant at, String what) {
	}

}
