package io.jobstarter.why;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;
import io.jobstarter.QueueLoad;
import io.jobstarter.ReasonCode;
import io.jobstarter.WorkerDeclaration;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.SituationStore.HeldJob;
import org.jspecify.annotations.Nullable;

/**
 * Those who could run the job have no slot for it.
 */
final class SlotReasons implements ReasonSource {

	private static final int MOST_NAMED = 3;

	private static final int MOST_LISTED = 10;

	@Override
	public List<Reason> reasons(Situation situation) {
		List<WorkerInfo> takers = situation.takers();
		if (situation.job().state() != JobState.READY || takers.isEmpty()) {
			return List.of();
		}
		List<WorkerInfo> reserved = takers.stream().filter(SlotReasons::isReserved).toList();
		List<SlotUse> uses = uses(situation);
		boolean told = uses.size() == takers.size();
		boolean busy = uses.stream().allMatch((use) -> use.free() == 0 || isReserved(use.worker()));
		if (!told || !busy) {
			return List.of();
		}
		List<Reason> reasons = new ArrayList<>();
		if (!reserved.isEmpty()) {
			reasons.add(reserved(takers, reserved));
		}
		if (reserved.size() < takers.size()) {
			reasons.add(busy(situation, uses));
		}
		return reasons;
	}

	/**
	 * Looks at the slots of the workers that would take a job.
	 * @param situation its situation
	 * @return the slots of those that have reported
	 */
	static List<SlotUse> uses(Situation situation) {
		return situation.takers()
			.stream()
			.map((worker) -> SlotUse.of(worker, situation.queueName(), situation.queue().concurrency()))
			.filter(Objects::nonNull)
			.toList();
	}

	private static boolean isReserved(WorkerInfo worker) {
		return worker.report() != null && worker.report().reserved();
	}

	private static Reason reserved(List<WorkerInfo> takers, List<WorkerInfo> reserved) {
		return new Details().with("workers", takers.size())
			.with("reserved", reserved.size())
			.reason(ReasonCode.SLOTS_RESERVED,
					Words.count(reserved.size(), "worker that could run it keeps its",
							"workers that could run it keep " + "their")
							+ " slots for a job that has to run alone, since workers died while they ran it.");
	}

	private static Reason busy(Situation situation, List<SlotUse> uses) {
		int slots = uses.stream().mapToInt(SlotUse::slots).sum();
		Map<String, Integer> takenBy = new TreeMap<>();
		uses.stream()
			.flatMap((use) -> use.takenBy().stream())
			.forEach((load) -> takenBy.merge(load.queue(), load.running(), Integer::sum));
		boolean others = takenBy.keySet().stream().anyMatch((queue) -> !queue.equals(situation.queueName()));
		String first = situation.takers().stream().anyMatch((worker) -> servesOthersFirst(worker, situation))
				? ", and goes after queues that are served first, in strict order" : "";
		String sentence = "All " + Words.count(slots, "slot", "slots") + " for queue " + situation.queueName() + " on "
				+ Words.count(uses.size(), "worker", "workers") + " are taken"
				+ (others ? " (" + Words.list(taken(takenBy)) + ")" : "") + first
				+ longest(situation.running(), situation.now()) + ".";
		return new Details().with("queue", situation.queueName())
			.with("slots", slots)
			.with("workers", uses.size())
			.with("takenBy", takenBy)
			.with("strictOrder", first.isEmpty() ? null : true)
			.with("reportedAt",
					uses.stream().map((use) -> use.worker().lastSeenAt()).min(Instant::compareTo).orElse(null))
			.with("longest", situation.running().stream().limit(MOST_LISTED).map(SlotReasons::details).toList())
			.reason(ReasonCode.SLOTS_BUSY, sentence);
	}

	private static List<String> taken(Map<String, Integer> takenBy) {
		return takenBy.entrySet().stream().map((taken) -> taken.getKey() + " " + taken.getValue()).toList();
	}

	// Where its queues compete for slots, those before this one have what they want.
	private static boolean servesOthersFirst(WorkerInfo worker, Situation situation) {
		WorkerDeclaration declaration = worker.declaration();
		if (declaration == null || !declaration.strict() || worker.report() == null) {
			return false;
		}
		long sum = declaration.queues().stream().mapToLong((queue) -> queue.concurrency()).sum();
		int place = declaration.entryOf(situation.queueName()).map(declaration.queues()::indexOf).orElse(0);
		return declaration.slots() < sum && worker.report()
			.queues()
			.stream()
			.filter((load) -> load.running() > 0)
			.anyMatch((load) -> place(declaration, load) < place);
	}

	private static int place(WorkerDeclaration declaration, QueueLoad load) {
		return declaration.entryOf(load.queue()).map(declaration.queues()::indexOf).orElse(Integer.MAX_VALUE);
	}

	private static String longest(List<HeldJob> running, Instant now) {
		if (running.isEmpty()) {
			return "";
		}
		return "; the longest-running: " + Words.list(running.stream()
			.limit(MOST_NAMED)
			.map((job) -> "job " + job.id() + " (" + job.name() + ") for " + Words.between(job.claimedAt(), now))
			.toList());
	}

	private static Map<String, @Nullable Object> details(HeldJob job) {
		Map<String, @Nullable Object> details = new TreeMap<>();
		details.put("id", job.id().value());
		details.put("name", job.name());
		details.put("queue", job.queue());
		details.put("worker", Long.toString(job.worker()));
		details.put("since", job.claimedAt());
		return details;
	}

}
