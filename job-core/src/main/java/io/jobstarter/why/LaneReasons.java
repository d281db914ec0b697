package io.jobstarter.why;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.QueueLoad;
import io.jobstarter.ReasonCode;
import io.jobstarter.WorkerInfo;
import io.jobstarter.WorkerReport;
import io.jobstarter.store.SituationStore.Ahead;
import org.jspecify.annotations.Nullable;

/**
 * Other jobs of the queue go first.
 */
final class LaneReasons implements ReasonSource {

	/** For how long it is no starvation that others go first. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@Override
	public List<Reason> reasons(Situation situation) {
		Ahead ahead = situation.ahead();
		if (ahead == null || ahead.total() == 0) {
			return List.of();
		}
		double perSecond = perSecond(situation);
		Duration expected = (perSecond > 0 && !ahead.isMore()) ? Duration.ofSeconds((long) (ahead.total() / perSecond))
				: null;
		String sentence = count(ahead, situation.queueName()) + kinds(ahead) + "; it has been ready for "
				+ Words.between(situation.job().dueAt(), situation.now())
				+ ((expected != null) ? ", and at the pace of the last minute they take " + Words.of(expected) : "")
				+ ".";
		List<Reason> reasons = new ArrayList<>();
		reasons.add(new Details().with("ahead", ahead.total())
			.with("more", ahead.isMore())
			.with("higherPriority", ahead.higherPriority())
			.with("cameBack", ahead.cameBack())
			.with("earlier", ahead.earlier())
			.with("priority", situation.job().lane().priority())
			.with("perSecond", perSecond)
			.with("expectedSeconds", (expected != null) ? expected.toSeconds() : null)
			.reason(ReasonCode.JOBS_AHEAD, sentence));
		if (ahead.overtaking() > 0 && !situation.now().isBefore(situation.job().dueAt().plus(PATIENCE))) {
			reasons.add(overtaken(situation, ahead));
		}
		return reasons;
	}

	private static Reason overtaken(Situation situation, Ahead ahead) {
		return new Details().with("overtaking", ahead.overtaking())
			.with("more", ahead.overtaking() >= ahead.limit())
			.with("priority", situation.job().lane().priority())
			.reason(ReasonCode.OVERTAKEN,
					number(ahead.overtaking(), ahead) + " of those became due after it, and go before it by their "
							+ "priority. As long as such jobs keep coming, it waits: slots can be kept for low "
							+ "priorities (background-jobs.queues." + situation.queueName() + ".reserved).");
	}

	private static String count(Ahead ahead, String queue) {
		String jobs = ahead.isMore() ? "More than " + Words.number(ahead.total() - 1) + " jobs"
				: Words.count(ahead.total(), "job", "jobs");
		return jobs + " of queue " + queue + ((ahead.total() == 1) ? " goes" : " go") + " before it";
	}

	private static String kinds(Ahead ahead) {
		List<String> kinds = new ArrayList<>();
		if (ahead.higherPriority() > 0) {
			kinds.add(number(ahead.higherPriority(), ahead) + " of higher priority");
		}
		if (ahead.cameBack() > 0) {
			kinds.add(number(ahead.cameBack(), ahead) + " that came back");
		}
		return kinds.isEmpty() ? "" : " (" + String.join(", ", kinds) + ")";
	}

	private static String number(int count, Ahead ahead) {
		return ((count >= ahead.limit()) ? "more than " + Words.number(count - 1) : Words.number(count));
	}

	// Attempts, not jobs: one that is tried again makes room, too.
	private static double perSecond(Situation situation) {
		return situation.serving()
			.stream()
			.map((worker) -> worker.info())
			.map(WorkerInfo::report)
			.filter(Objects::nonNull)
			.mapToDouble((report) -> perSecond(report, situation.queueName()))
			.sum();
	}

	private static double perSecond(WorkerReport report, String queue) {
		double seconds = report.window().toMillis() / 1_000.0;
		@Nullable QueueLoad load = report.of(queue).orElse(null);
		return (load != null && seconds > 0) ? load.settled().total() / seconds : 0;
	}

}
