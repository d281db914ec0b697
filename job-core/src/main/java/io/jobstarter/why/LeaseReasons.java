package io.jobstarter.why;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;
import io.jobstarter.QueueLoad;
import io.jobstarter.ReasonCode;
import io.jobstarter.WorkerInfo;

/**
 * A worker holds the job. It runs, waits in that worker's memory, or the worker is gone
 * and its lease has to end.
 */
final class LeaseReasons implements ReasonSource {

	/** What waits for longer is given back, so what was claimed earlier has started. */
	private static final Duration LONGEST_AHEAD = Duration.ofSeconds(2);

	@Override
	public List<Reason> reasons(Situation situation) {
		if (situation.job().state() != JobState.RUNNING) {
			return List.of();
		}
		List<Reason> reasons = new ArrayList<>();
		reasons.add(holder(situation));
		if (situation.job().cancelRequested()) {
			reasons.add(new Details().reason(ReasonCode.CANCEL_REQUESTED,
					"Somebody has asked for its cancellation: its thread was or will be interrupted, and it is over when "
							+ "its handler ends."));
		}
		return reasons;
	}

	private static Reason holder(Situation situation) {
		long id = Objects.requireNonNull(situation.job().worker());
		Optional<WorkerInfo> worker = situation.worker(id);
		if (worker.isEmpty()) {
			return unknown(situation, id);
		}
		return worker.get().alive() ? alive(situation, worker.get()) : gone(situation, worker.get());
	}

	private static Reason unknown(Situation situation, long id) {
		return details(situation).with("worker", Long.toString(id))
			.reason(ReasonCode.WORKER_UNKNOWN, "Worker " + id + ", which has held it for " + held(situation)
					+ ", has no row: maintenance gives it the time of one lease, after which the job is freed.");
	}

	private static Reason alive(Situation situation, WorkerInfo worker) {
		Duration lease = Duration.between(worker.lastSeenAt(), worker.expiresAt());
		Duration silence = Duration.between(worker.lastSeenAt(), situation.now());
		if (silence.compareTo(lease.dividedBy(2)) > 0) {
			return details(situation).with(worker)
				.reason(ReasonCode.WORKER_SILENT,
						"The " + Words.worker(worker) + ", which has held it for " + held(situation)
								+ ", has not been heard of for " + Words.of(silence) + "; its lease ends in "
								+ Words.between(situation.now(), worker.expiresAt()) + ", and then the job is freed.");
		}
		return mayWait(situation, worker).map((load) -> ahead(situation, worker, load))
			.orElseGet(() -> running(situation, worker));
	}

	private static Optional<QueueLoad> mayWait(Situation situation, WorkerInfo worker) {
		Instant claimed = Objects.requireNonNull(situation.job().claimedAt());
		if (worker.report() == null || claimed.plus(LONGEST_AHEAD).isBefore(situation.now())) {
			return Optional.empty();
		}
		return worker.report().of(situation.queueName()).filter((load) -> load.ahead() > 0);
	}

	private static Reason ahead(Situation situation, WorkerInfo worker, QueueLoad load) {
		return details(situation).with(worker)
			.with("ahead", load.ahead())
			.reason(ReasonCode.HELD_AHEAD,
					"The " + Words.worker(worker) + " has claimed it " + held(situation)
							+ " ago and may not have started it: at its last heartbeat "
							+ Words.count(load.ahead(), "job", "jobs") + " of queue " + situation.queueName()
							+ " waited there for a slot.");
	}

	private static Reason running(Situation situation, WorkerInfo worker) {
		return details(situation).with(worker)
			.reason(ReasonCode.RUNNING, "The " + Words.worker(worker) + " has been running attempt "
					+ (situation.job().attempts() + 1) + " of it for " + held(situation) + ".");
	}

	private static Reason gone(Situation situation, WorkerInfo worker) {
		if (worker.dead()) {
			return details(situation).with(worker)
				.reason(ReasonCode.WORKER_DEAD, "The " + Words.worker(worker) + ", which has held it for "
						+ held(situation) + ", was declared dead: its jobs are being freed, this one within seconds.");
		}
		boolean nobody = situation.alive().isEmpty();
		return details(situation).with(worker)
			.with("freedFrom", worker.expiresAt())
			.reason(ReasonCode.WORKER_OVERDUE, "The " + Words.worker(worker) + ", which has held it for "
					+ held(situation) + ", was last heard of " + Words.between(worker.lastSeenAt(), situation.now())
					+ " ago and its lease has ended: "
					+ (nobody ? "no worker is alive that could free the job." : "the job is freed within seconds."));
	}

	private static Details details(Situation situation) {
		return new Details().with("since", situation.job().claimedAt()).with("attempt", situation.job().attempts() + 1);
	}

	private static String held(Situation situation) {
		return Words.between(Objects.requireNonNull(situation.job().claimedAt()), situation.now());
	}

}
