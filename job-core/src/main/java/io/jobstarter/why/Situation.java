package io.jobstarter.why;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.jobstarter.AttemptFailure;
import io.jobstarter.BreakerInfo;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.SituationStore.Ahead;
import io.jobstarter.store.SituationStore.HeldJob;
import io.jobstarter.store.SituationStore.KnownWorker;
import io.jobstarter.store.SituationStore.PresentJob;
import io.jobstarter.store.SituationStore.QueueSetting;
import io.jobstarter.store.SituationStore.RateUse;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a job that waits or runs.
 *
 * @param job the job
 * @param queue what operators have set of its queue
 * @param workers the workers
 * @param failure its last failure, if it has one
 * @param breaker the circuit breaker that it waits for, if it does and that is known
 * @param ahead what goes before it, if it is ready
 * @param running the jobs that have run for the longest time on the workers that serve
 * its queue
 * @param key the key that it waits for, if it does
 * @param rates the rates that it may have to wait for: that of the key that it waits for,
 * or those of its queue
 * @param waitingBefore how many go before it that wait for the same rate
 */
record Situation(PresentJob job, QueueSetting queue, List<KnownWorker> workers, @Nullable AttemptFailure failure,
		@Nullable BreakerInfo breaker, @Nullable Ahead ahead, List<HeldJob> running, KeyUse key, List<RateUse> rates,
		int waitingBefore) {

	Instant now() {
		return this.job.now();
	}

	String queueName() {
		return this.job.lane().queue();
	}

	List<KnownWorker> alive() {
		return this.workers.stream().filter((worker) -> worker.info().alive()).toList();
	}

	/**
	 * Lists the live workers that serve the queue, those that stop among them.
	 * @return the workers
	 */
	List<KnownWorker> serving() {
		return alive().stream().filter((worker) -> worker.info().serves(queueName())).toList();
	}

	/**
	 * Lists the live workers that serve the queue and can run the job.
	 * @return the workers
	 */
	List<KnownWorker> able() {
		return serving().stream().filter((worker) -> !Boolean.FALSE.equals(worker.knowsName())).toList();
	}

	/**
	 * Lists the workers that would take the job if nothing were in its way.
	 * @return the workers
	 */
	List<WorkerInfo> takers() {
		return able().stream().map(KnownWorker::info).filter(WorkerInfo::takesJobs).toList();
	}

	/**
	 * Lists the live workers of which it is not known what they serve.
	 * @return the workers
	 */
	List<WorkerInfo> silent() {
		return alive().stream().map(KnownWorker::info).filter((worker) -> worker.declaration() == null).toList();
	}

	Optional<WorkerInfo> worker(long id) {
		return this.workers.stream().map(KnownWorker::info).filter((worker) -> worker.id() == id).findFirst();
	}

}
