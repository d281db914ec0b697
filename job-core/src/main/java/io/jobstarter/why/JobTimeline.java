package io.jobstarter.why;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.jobstarter.AttemptFailure;
import io.jobstarter.BreakerInfo;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterCallback;
import io.jobstarter.DeadLetterResolution;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobMoment;
import io.jobstarter.JobMoment.Kind;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what is stored of a job's life. Messages of errors are left to those who
 * ask for the failures: they may hold what not everybody is to see.
 */
public final class JobTimeline {

	private static final int LONGEST = 1_000;

	private final OperationsStore store;

	/**
	 * Makes it.
	 * @param store looks into the database, in the transaction of the calling thread
	 */
	public JobTimeline(OperationsStore store) {
		this.store = store;
	}

	/**
	 * Tells what has happened to a job.
	 * @param id the job's id
	 * @return what happened and what is to come, in the order of time; empty if there is
	 * no such job
	 */
	public List<JobMoment> of(JobId id) {
		Optional<JobInfo> found = this.store.find(id);
		if (found.isEmpty()) {
			return List.of();
		}
		JobInfo job = found.get();
		Optional<DeadLetter> letter = this.store.deadLetter(id);
		List<AttemptFailure> failures = this.store.failures(id, JobOperations.MAX_PAGE_SIZE);
		String breaker = BreakerReasons.breakerOf(job.state(), job.reason());
		Moments moments = new Moments();
		enqueued(job, KeyWords.of(job, this.store.situations()), moments);
		failed(job, failures, moments);
		if (breaker != null) {
			parked(job, this.store.situations().breaker(breaker), breaker, moments);
		}
		if (job.startedAt() != null) {
			moments.add(job.startedAt(), Kind.STARTED, (job.state() == JobState.RUNNING)
					? "The present attempt was claimed" : "The last attempt was claimed", worker(job));
		}
		letter.ifPresentOrElse((dead) -> died(dead, moments), () -> ended(job, moments));
		return moments.inOrder();
	}

	private static void enqueued(JobInfo job, KeyWords key, Moments moments) {
		JobId origin = job.redriveOf();
		Map<String, Object> details = new LinkedHashMap<>(key.details());
		if (origin != null) {
			details.put("redriveOf", origin.value());
		}
		moments.add(job.enqueuedAt(), Kind.ENQUEUED,
				((origin != null) ? "Enqueued in place of dead letter " + origin : "Enqueued in queue " + job.queue())
						+ key.text(),
				details);
		boolean tried = job.attempts() > 0;
		if (job.state() == JobState.SCHEDULED && !tried && job.reason() != null) {
			moments.add(job.dueAt(), Kind.DUE, "Due again" + Words.because(job.reason()), Map.of());
		}
		else if (job.dueAt().isAfter(job.enqueuedAt())) {
			moments.add(job.dueAt(), Kind.DUE, tried ? "Due for attempt " + (job.attempts() + 1) : "Due", Map.of());
		}
	}

	private static void failed(JobInfo job, List<AttemptFailure> failures, Moments moments) {
		for (int i = 0; i < failures.size(); i++) {
			AttemptFailure failure = failures.get(i);
			Map<String, Object> details = new LinkedHashMap<>();
			details.put("attempt", failure.number());
			details.put("errorClass", failure.failure().errorClass());
			details.put("worker", Long.toString(failure.worker()));
			Instant next = (i + 1 < failures.size()) ? failures.get(i + 1).failedAt() : next(job);
			String until = "";
			if (next != null && next.isAfter(failure.failedAt())) {
				details.put("untilNextSeconds", Duration.between(failure.failedAt(), next).toSeconds());
				until = (i + 1 < failures.size())
						? "; the next one had failed " + Words.between(failure.failedAt(), next) + " later"
						: "; the next one is due " + Words.between(failure.failedAt(), next) + " later";
			}
			moments.add(failure.failedAt(), Kind.FAILED,
					"Attempt " + failure.number() + " failed with " + failure.failure().errorClass() + until, details);
		}
	}

	private static @Nullable Instant next(JobInfo job) {
		return (job.state() == JobState.SCHEDULED && job.reason() == null) ? job.dueAt() : null;
	}

	// No time of it is stored.
	private static void parked(JobInfo job, Optional<BreakerInfo> breaker, String name, Moments moments) {
		Instant opened = breaker.map(BreakerInfo::since)
			.filter((since) -> since.isAfter(job.dueAt()))
			.orElse(job.dueAt());
		moments.add(opened, Kind.PARKED, "Waits for circuit breaker " + name + ", since then at the earliest",
				Map.of("breaker", name));
	}

	private static void died(DeadLetter letter, Moments moments) {
		moments.add(letter.diedAt(), Kind.DIED,
				"Died (" + letter.reason().name().toLowerCase(Locale.ROOT) + ") after "
						+ Words.count(letter.attempts(), "failed attempt", "failed attempts"),
				Map.of("reason", letter.reason().name(), "errorClass", letter.failure().errorClass()));
		DeadLetterCallback callback = letter.callback();
		if (callback != null && callback.endedAt() != null) {
			moments.add(callback.endedAt(), Kind.CALLBACK, "onDead ended (" + callback.state() + ")",
					Map.of("state", callback.state().name(), "tries", callback.tries()));
		}
		DeadLetterResolution resolution = letter.resolution();
		if (resolution != null) {
			resolved(resolution, moments);
		}
	}

	private static void resolved(DeadLetterResolution resolution, Moments moments) {
		JobId job = resolution.retriedAs();
		String who = Words.by(resolution.by()) + Words.because(resolution.why());
		if (job != null) {
			moments.add(resolution.at(), Kind.REDRIVEN, "Enqueued again as job " + job + who,
					Map.of("retriedAs", job.value()));
		}
		else {
			moments.add(resolution.at(), Kind.DISCARDED, "Discarded" + who, Map.of());
		}
	}

	private static void ended(JobInfo job, Moments moments) {
		Instant at = job.finishedAt();
		if (at == null) {
			return;
		}
		switch (job.state()) {
			case SUCCEEDED -> moments.add(at, Kind.SUCCEEDED, "Succeeded", worker(job));
			case CANCELLED -> moments.add(at, Kind.CANCELLED, "Cancelled", worker(job));
			default -> moments.add(at, Kind.DISCARDED, "Discarded" + Words.because(job.reason()), worker(job));
		}
	}

	private static Map<String, Object> worker(JobInfo job) {
		return (job.worker() != null) ? Map.of("worker", Long.toString(job.worker())) : Map.of();
	}

	/**
	 * Gathers moments.
	 */
	private static final class Moments {

		private final List<JobMoment> moments = new ArrayList<>();

		void add(@Nullable Instant at, Kind kind, String text, Map<String, Object> details) {
			this.moments
				.add(new JobMoment(Objects.requireNonNull(at), kind, CleanText.printable(text, LONGEST), details));
		}

		List<JobMoment> inOrder() {
			// Those of the same time stay in the order in which they happen.
			this.moments.sort(Comparator.comparing(JobMoment::at));
			return List.copyOf(this.moments);
		}

	}

}
