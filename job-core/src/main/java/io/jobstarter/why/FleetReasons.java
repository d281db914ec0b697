package io.jobstarter.why;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;
import io.jobstarter.ReasonCode;
import io.jobstarter.store.FleetQueue;

/**
 * All nodes together run as many jobs of the queue, or of the wildcard that serves it, as
 * they may.
 */
final class FleetReasons implements ReasonSource {

	@Override
	public List<Reason> reasons(Situation situation) {
		List<Reason> reasons = new ArrayList<>();
		if (situation.job().state() == JobState.READY) {
			situation.fleet()
				.stream()
				.filter(FleetReasons::isUsedUp)
				.sorted(Comparator.comparing(FleetQueue::name))
				.forEach((queue) -> reasons.add(reason(situation, queue)));
		}
		return reasons;
	}

	private static boolean isUsedUp(FleetQueue queue) {
		Integer limit = queue.limit();
		return limit != null && queue.taken() >= limit;
	}

	private static Reason reason(Situation situation, FleetQueue queue) {
		String what = queue.name().equals(situation.queueName()) ? "this queue" : "the queues " + queue.name();
		return new Details().with("queue", queue.name())
			.with("limit", queue.limit())
			.with("taken", queue.taken())
			.with("setByOperator", (queue.set() != null) ? true : null)
			.with("workers", queue.shares().stream().filter((share) -> share.slots() > 0).count())
			.reason(ReasonCode.FLEET_LIMIT,
					"The fleet's limit of " + what + " is used up (" + queue.taken() + " of " + queue.limit() + ").");
	}

}
