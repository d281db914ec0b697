package io.jobstarter.why;

import java.util.List;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.ReasonCode;

/**
 * Nothing is in the way: what is said of a ready job when no other source knows a reason.
 */
final class ClearReasons implements ReasonSource {

	@Override
	public List<Reason> reasons(Situation situation) {
		int workers = situation.takers().size();
		List<SlotUse> uses = SlotReasons.uses(situation);
		int free = uses.stream().mapToInt(SlotUse::free).sum();
		boolean told = uses.size() == workers;
		String slots = told ? " with " + Words.count(free, "free slot", "free slots")
				: ", though not all have told yet how busy they are";
		return List.of(new Details().with("workers", workers)
			.with("freeSlots", told ? free : null)
			.reason(ReasonCode.STARTS_SOON,
					"Nothing is known to be in its way: "
							+ Words.count(workers, "live worker serves", "live workers serve") + " queue "
							+ situation.queueName() + slots
							+ ", and it starts when one of them looks for jobs, within a few poll intervals."));
	}

}
