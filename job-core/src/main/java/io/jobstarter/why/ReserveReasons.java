package io.jobstarter.why;

import java.util.List;
import java.util.Objects;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;
import io.jobstarter.ReasonCode;
import io.jobstarter.ServedQueue;

/**
 * The slots that are free are kept for jobs of lower priority. Workers do not tell by
 * priority what runs: no more free slots than are kept are taken for those.
 */
final class ReserveReasons implements ReasonSource {

	@Override
	public List<Reason> reasons(Situation situation) {
		List<SlotUse> uses = SlotReasons.uses(situation);
		if (situation.job().state() != JobState.READY || uses.isEmpty() || uses.size() < situation.takers().size()
				|| uses.stream().mapToInt(SlotUse::free).sum() == 0
				|| !uses.stream().allMatch((use) -> use.free() <= kept(use, situation))) {
			return List.of();
		}
		int free = uses.stream().mapToInt(SlotUse::free).sum();
		return List.of(new Details().with("free", free)
			.with("workers", uses.size())
			.with("priority", situation.job().lane().priority())
			.reason(ReasonCode.SLOTS_KEPT,
					Words.count(free, "slot that is free is", "slots that are free are")
							+ " kept for jobs of lower priority than " + situation.job().lane().priority()
							+ " (background-jobs.queues." + situation.queueName() + ".reserved)."));
	}

	private static int kept(SlotUse use, Situation situation) {
		ServedQueue entry = Objects.requireNonNull(use.worker().declaration())
			.entryOf(situation.queueName())
			.orElseThrow();
		return entry.keepsFrom(situation.job().lane().priority()) ? entry.reservedSlots() : 0;
	}

}
