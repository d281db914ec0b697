package io.jobstarter.why;

import java.util.List;
import java.util.Optional;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;
import io.jobstarter.ReasonCode;
import io.jobstarter.store.SituationStore.PresentJob;
import io.jobstarter.store.SituationStore.RateUse;
import org.jspecify.annotations.Nullable;

/**
 * The rate of its queue, or of one of its keys, has no permit for the job.
 */
final class RateReasons implements ReasonSource {

	private static final String WAITING = "rate:";

	@Override
	public List<Reason> reasons(Situation situation) {
		PresentJob job = situation.job();
		if (isWaitedFor(job.state(), job.reason())) {
			return List.of(ofKey(situation, String.valueOf(job.reason()).substring(WAITING.length())));
		}
		return situation.rates()
			.stream()
			.filter((rate) -> job.state() == JobState.READY && rate.free() == 0)
			.map((rate) -> ofQueue(situation, rate))
			.toList();
	}

	/**
	 * Tells whether a job waits for a rate.
	 * @param state where it stands
	 * @param reason why it is blocked, if it is
	 * @return whether it does
	 */
	static boolean isWaitedFor(JobState state, @Nullable String reason) {
		return state == JobState.BLOCKED && reason != null && reason.startsWith(WAITING);
	}

	private static Reason ofKey(Situation situation, String name) {
		int before = situation.waitingBefore();
		Optional<RateUse> use = situation.rates().stream().findFirst();
		Details details = use.map(RateReasons::details)
			.orElseGet(Details::new)
			.with("key", name)
			.with("waitingBefore", before);
		String first = (before == 0) ? "It goes next" : (before >= JobDiagnoser.MOST_AHEAD)
				? "More than 1,000 others go first" : Words.count(before, "other goes", "others go") + " first";
		return details.reason(ReasonCode.RATE_LIMIT,
				use.map((rate) -> "The rate of " + name + " is " + rate.rate()).orElse("Its rate is that of " + name)
						+ ". " + first + next(situation, use.orElse(null)) + ".");
	}

	private static Reason ofQueue(Situation situation, RateUse rate) {
		return details(rate).with("entry", rate.name())
			.reason(ReasonCode.QUEUE_RATE, "The permits of queue " + rate.name() + ", " + rate.rate()
					+ " on all nodes, are used up" + next(situation, rate) + ".");
	}

	private static Details details(RateUse use) {
		return new Details().with("permits", use.rate().permits())
			.with("per", use.rate().per().toString())
			.with("free", use.free())
			.with("nextPermitAt", use.nextPermitAt());
	}

	private static String next(Situation situation, @Nullable RateUse use) {
		if (use == null || use.nextPermitAt() == null || !use.nextPermitAt().isAfter(situation.now())) {
			return "";
		}
		return "; the next permit comes in " + Words.between(situation.now(), use.nextPermitAt()) + ", at "
				+ Words.of(use.nextPermitAt());
	}

}
