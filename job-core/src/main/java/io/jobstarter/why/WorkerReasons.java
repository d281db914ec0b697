package io.jobstarter.why;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.ReasonCode;
import io.jobstarter.ServedQueue;
import io.jobstarter.WorkerDeclaration;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.SituationStore.KnownWorker;

/**
 * Nobody could run the job: no worker is alive, none serves its queue, none knows its
 * name, or those who do are stopping.
 */
final class WorkerReasons implements ReasonSource {

	@Override
	public List<Reason> reasons(Situation situation) {
		return Stream.concat(nobody(situation).stream(), silent(situation).stream()).toList();
	}

	private static Optional<Reason> nobody(Situation situation) {
		if (situation.alive().isEmpty()) {
			return Optional.of(noneAlive(situation));
		}
		if (situation.alive().size() == situation.silent().size()) {
			return Optional.empty();
		}
		if (situation.serving().isEmpty()) {
			return Optional.of(noneServes(situation));
		}
		if (situation.able().isEmpty()) {
			return Optional.of(noneKnows(situation));
		}
		return situation.takers().isEmpty() ? Optional.of(allStop(situation)) : Optional.empty();
	}

	private static Reason noneAlive(Situation situation) {
		Details details = new Details().with("workers", 0);
		String sentence = "No worker is alive: every node only enqueues, is down, or does not reach the database";
		Optional<WorkerInfo> last = situation.workers()
			.stream()
			.map(KnownWorker::info)
			.max(Comparator.comparing(WorkerInfo::lastSeenAt));
		last.ifPresent(details::with);
		return details.reason(ReasonCode.NO_WORKER_ALIVE,
				sentence + last
					.map((worker) -> "; the last that was heard of is " + Words.worker(worker) + ", "
							+ Words.between(worker.lastSeenAt(), situation.now()) + " ago")
					.orElse("") + ".");
	}

	private static Reason noneServes(Situation situation) {
		List<String> served = declarations(situation.alive()).flatMap((declaration) -> declaration.queues().stream())
			.map(ServedQueue::pattern)
			.distinct()
			.sorted()
			.toList();
		int told = situation.alive().size() - situation.silent().size();
		return new Details().with("queue", situation.queueName())
			.with("workers", told)
			.with("served", served)
			.reason(ReasonCode.QUEUE_NOT_SERVED, "No live worker serves queue " + situation.queueName() + ": "
					+ Words.count(told, "worker serves", "workers serve") + " " + Words.list(served) + ".");
	}

	private static Stream<WorkerDeclaration> declarations(List<KnownWorker> workers) {
		return workers.stream().map((worker) -> worker.info().declaration()).filter(Objects::nonNull);
	}

	private static Reason noneKnows(Situation situation) {
		List<String> applications = situation.serving()
			.stream()
			.map((worker) -> worker.info().application())
			.filter(Objects::nonNull)
			.distinct()
			.sorted()
			.toList();
		int serving = situation.serving().size();
		String sentence = "No handler of the name " + situation.job().name()
				+ ", nor one that has it as an alias, is on "
				+ ((serving == 1) ? "the 1 live worker that serves"
						: "any of the " + serving + " live workers that serve")
				+ " queue " + situation.queueName()
				+ (applications.isEmpty() ? "" : " (" + Words.list(applications) + ")") + ".";
		return new Details().with("name", situation.job().name())
			.with("queue", situation.queueName())
			.with("workers", serving)
			.with("applications", applications)
			.reason(ReasonCode.NAME_NOT_KNOWN, sentence);
	}

	private static Reason allStop(Situation situation) {
		int able = situation.able().size();
		return new Details().with("queue", situation.queueName())
			.with("workers", able)
			.reason(ReasonCode.WORKERS_STOPPING, (able == 1)
					? "The only live worker that could run it is shutting down and takes no more jobs."
					: "All " + able + " live workers that could run it are shutting down and take no more jobs.");
	}

	// They may serve the queue or not.
	private static Optional<Reason> silent(Situation situation) {
		int silent = situation.silent().size();
		if (silent == 0 || !situation.takers().isEmpty()) {
			return Optional.empty();
		}
		return Optional.of(new Details().with("workers", silent)
			.reason(ReasonCode.WORKERS_DO_NOT_TELL,
					Words.count(silent, "live worker runs", "live workers run")
							+ " an earlier release, which does not tell what it serves: perhaps queue "
							+ situation.queueName() + "."));
	}

}
