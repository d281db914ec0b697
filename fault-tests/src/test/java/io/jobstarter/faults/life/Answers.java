package io.jobstarter.faults.life;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.jobstarter.DuplicateJobException;
import io.jobstarter.Enqueued;
import io.jobstarter.IllegalJobStateException;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.JobState;
import io.jobstarter.RedriveResult;
import io.jobstarter.faults.life.Act.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Holds what callers were told against the stages in which their jobs were while they
 * asked: what was committed before, what was committed meanwhile, and nothing else.
 */
final class Answers {

	private final Map<Long, JobLife> lives;

	private final List<String> broken = new ArrayList<>();

	private Answers(Map<Long, JobLife> lives) {
		this.lives = lives;
	}

	/**
	 * Says which answers were wrong.
	 * @param acts what was asked and answered
	 * @param lives the jobs by their ids
	 * @return a sentence each
	 */
	static List<String> brokenBy(Collection<Act> acts, Map<Long, JobLife> lives) {
		Answers answers = new Answers(lives);
		acts.forEach(answers::judge);
		return answers.broken;
	}

	private void judge(Act act) {
		if (act.error() != null) {
			judgeError(act, act.error());
			return;
		}
		Operator.enqueuedBy(act.answer()).forEach((enqueued) -> judgeEnqueued(act, enqueued));
		if (act.kind() == Kind.FIND) {
			judgeFound(act, (JobInfo) act.answer());
		}
		else if (act.committed()) {
			judgeDone(act);
		}
	}

	private void judgeError(Act act, Throwable error) {
		if (error instanceof DuplicateJobException duplicate) {
			judgeHolder(act, Objects.requireNonNull(duplicate.holder()).value());
		}
		else if (error instanceof JobNotFoundException) {
			check(act, !life(act.job()).wasThereBefore(act.before()), "it was there");
		}
		else if (error instanceof IllegalJobStateException illegal) {
			judgeIllegal(act, illegal);
		}
		else {
			check(act, error instanceof InvalidPayloadException && act.kind() == Kind.REDRIVE_CORRECTED,
					"nobody documents that");
		}
	}

	private void judgeIllegal(Act act, IllegalJobStateException error) {
		Set<Stage> stages = stages(act);
		boolean runs = act.kind() != Kind.CANCEL && error.state() == JobState.RUNNING;
		boolean waitsForLetter = act.kind() == Kind.REDRIVE_CORRECTED;
		check(act, runs || error.state().isFinal() || waitsForLetter,
				"it does not refuse jobs that are " + error.state());
		check(act, stages.stream().anyMatch((stage) -> stage.state() == error.state()), "it was " + stages);
		boolean letterIsOpen = stages.equals(Set.of(Stage.DEAD)) && !isResolvedBy(act.after(), act.job());
		boolean wantsLetters = act.kind() == Kind.RETRY || act.kind() == Kind.DISCARD || waitsForLetter;
		check(act, !(letterIsOpen && wantsLetters), "its letter was open");
	}

	private void judgeDone(Act act) {
		switch (act.kind()) {
			case CANCEL -> check(act,
					isEnded(act, Stage.CANCELLED)
							|| act.answer() == JobState.RUNNING && stages(act).contains(Stage.RUNNING),
					"nobody sees that");
			case DISCARD -> check(act, isEnded(act, Stage.DISCARDED) || isLetterOf(act, act.job()), "nobody sees that");
			case RESCHEDULE -> judgeRescheduled(act);
			case RETRY -> judgeRetried(act, (JobId) Objects.requireNonNull(act.answer()));
			case REDRIVE_CORRECTED -> judgeRedriven(act, act.job(), (JobId) Objects.requireNonNull(act.answer()));
			case REDRIVE -> ((List<?>) Objects.requireNonNull(act.answer()))
				.forEach((result) -> judgeResult(act, (RedriveResult) result));
			default -> {
				// Nothing of a job is said.
			}
		}
	}

	private boolean isEnded(Act act, Stage stage) {
		return life(act.job()).lines("history")
			.stream()
			.anyMatch((line) -> line.image().text("state").equals(stage.name())
					&& line.image().text("reason").contains(act.reason()));
	}

	private boolean isLetterOf(Act act, long job) {
		@Nullable Line letter = life(job).letter();
		return letter != null && letter.image().text("resolved_reason").contains(act.reason());
	}

	private void judgeRescheduled(Act act) {
		Instant at = (Instant) Objects.requireNonNull(act.answer());
		boolean due = life(act.job()).steps()
			.stream()
			.filter((step) -> isWithin(act, step) && step.to() != null && step.to().waits())
			.anyMatch((step) -> step.image().time("due_at").toEpochMilli() == at.toEpochMilli()
					|| step.to() == Stage.READY && !step.line().at().isBefore(at));
		check(act, due || stages(act).contains(Stage.READY), "it is due at another time");
	}

	private void judgeRetried(Act act, JobId answer) {
		if (answer.value() != act.job()) {
			judgeRedriven(act, act.job(), answer);
			return;
		}
		check(act, stages(act).contains(Stage.READY), "it was not made ready: " + stages(act));
	}

	private static boolean isWithin(Act act, Step step) {
		return !act.before().sees(step.line().tx()) && act.after().sees(step.line().tx());
	}

	private void judgeRedriven(Act act, long letter, JobId job) {
		check(act, isLetterOf(act, letter), "letter " + letter + " does not say so");
		@Nullable Line line = life(letter).letter();
		check(act, line != null && line.image().number("retried_as") == job.value(),
				"letter " + letter + " names another job");
		check(act, life(job.value()).wasThere(), "job " + job + " never was");
	}

	private void judgeResult(Act act, RedriveResult result) {
		long letter = result.letter().value();
		switch (result.outcome()) {
			case REDRIVEN, JOINED -> judgeRedriven(act, letter, Objects.requireNonNull(result.job()));
			case ALREADY_REDRIVEN ->
				check(act, result.job() != null && isResolvedBy(act.after(), letter), "letter " + letter + " was not");
			case DISCARDED -> check(act, isResolvedBy(act.after(), letter), "letter " + letter + " was not");
			case NOT_FOUND -> check(act, !life(letter).between(act.before(), act.before()).contains(Stage.DEAD),
					"letter " + letter + " was there");
		}
	}

	private boolean isResolvedBy(Moment moment, long letter) {
		return life(letter).lines("dead_letter")
			.stream()
			.anyMatch((line) -> line.image().has("resolved_at") && moment.sees(line.tx()));
	}

	private void judgeFound(Act act, @Nullable JobInfo found) {
		Set<Stage> stages = stages(act);
		boolean holds = (found == null) ? !life(act.job()).wasThereBefore(act.before())
				: stages.stream().anyMatch((stage) -> stage.state() == found.state());
		check(act, holds, "it was " + stages + ", and not " + ((found != null) ? found.state() : "gone"));
	}

	private void judgeEnqueued(Act act, Enqueued enqueued) {
		long job = enqueued.id().value();
		if (enqueued.duplicate()) {
			judgeHolder(act, job);
		}
		else if (act.committed()) {
			check(act, life(job).wasThereBefore(act.after()), "job " + job + " is not there");
		}
		else {
			check(act, !life(job).wasThere(), "job " + job + " is there although it was rolled back");
		}
	}

	// Whom somebody else is a duplicate of has held a unique key meanwhile.
	private void judgeHolder(Act act, long job) {
		check(act, life(job).heldUniqueKeyBetween(act.before(), act.after()),
				"job " + job + " held no unique key: it was " + life(job).between(act.before(), act.after()));
	}

	private Set<Stage> stages(Act act) {
		return new TreeSet<>(life(act.job()).between(act.before(), act.after()));
	}

	private JobLife life(long job) {
		return this.lives.getOrDefault(job, new JobLife(job, List.of()));
	}

	private void check(Act act, boolean holds, String otherwise) {
		if (!holds) {
			this.broken.add(
					act.jobs().isEmpty() ? act + ": " + otherwise : "job " + act.job() + ": " + act + ": " + otherwise);
		}
	}

}
