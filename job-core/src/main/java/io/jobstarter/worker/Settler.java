package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.jobstarter.JobOutcome;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.NetworkPatience;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.support.SupervisedLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Writes outcomes: the one place where the truth about an attempt is written, but for
 * transactional handlers. What arrives while a batch is being written makes up the next
 * one. An outcome that cannot be written yet stays here and keeps its slot.
 */
final class Settler {

	private static final Log logger = LogFactory.getLog(Settler.class);

	private static final int MAX_SHOWN = 500;

	private static final int BATCH = 500;

	/** A batch of that size needs not wait for more. */
	private static final int LARGE = 100;

	private static final Duration IDLE = Duration.ofMinutes(1);

	private static final Duration AFTER_LOCKED = Duration.ofMillis(50);

	private final ClaimStore store;

	private final boolean history;

	private final SafeEvents events;

	private final Slots slots;

	private final SettledListener listener;

	private final Queue<PendingOutcome> outcomes = new ConcurrentLinkedQueue<>();

	private final Pace pace = new Pace(LARGE);

	private final SupervisedLoop loop;

	private boolean warnedOfHistory;

	Settler(ClaimStore store, WorkerSettings settings, SafeEvents events, Slots slots, SettledListener listener) {
		this.store = store;
		this.history = settings.history();
		this.events = events;
		this.slots = slots;
		this.listener = listener;
		this.loop = new SupervisedLoop("background-jobs-settler", settings.maxBackoff(),
				NetworkPatience.within(settings.patience(), this::settleBatch));
	}

	SupervisedLoop loop() {
		return this.loop;
	}

	/**
	 * Takes an outcome to be written.
	 * @param job the job
	 * @param outcome how its attempt ended
	 */
	void settle(RunningJob job, JobOutcome outcome) {
		settle(job, outcome, null);
	}

	/**
	 * Takes an outcome to be written.
	 * @param job the job
	 * @param outcome how its attempt ended
	 * @param perhapsWritten the outcome that may have been written already, since the
	 * reply to its commit was lost, or {@code null}
	 */
	void settle(RunningJob job, JobOutcome outcome, @Nullable JobOutcome perhapsWritten) {
		this.outcomes.add(new PendingOutcome(job, outcome, job.ran(), perhapsWritten));
		this.loop.wake();
	}

	/**
	 * Writes the same outcome of several jobs at once, in the calling thread. What cannot
	 * be written now is written later.
	 * @param jobs the jobs
	 * @param outcome how their attempts ended
	 */
	void settleNow(List<RunningJob> jobs, JobOutcome outcome) {
		List<PendingOutcome> batch = jobs.stream()
			.map((job) -> new PendingOutcome(job, outcome, job.ran(), null))
			.toList();
		try {
			write(batch);
		}
		catch (RuntimeException ex) {
			logger.warn("Jobs could not be settled at once: they are settled when they can be: "
					+ CleanText.oneLine(ex, MAX_SHOWN));
		}
		finally {
			requeueUnfinished(batch);
			this.loop.wake();
		}
	}

	/**
	 * Takes note of an outcome that is written already.
	 * @param job the job
	 * @param outcome how its attempt ended
	 */
	void settled(RunningJob job, JobOutcome outcome) {
		finish(new PendingOutcome(job, outcome, job.ran(), null), outcome);
		this.listener.roomMade();
	}

	/**
	 * Takes note that a job was no longer held when its transaction ended.
	 * @param job the job
	 */
	void lost(RunningJob job) {
		finish(new PendingOutcome(job, new JobOutcome.Returned("lease lost"), job.ran(), null), null);
		this.listener.roomMade();
	}

	private Duration settleBatch() {
		if (this.outcomes.isEmpty()) {
			return IDLE;
		}
		this.pace.await();
		List<PendingOutcome> batch = new ArrayList<>();
		Set<Long> ids = new HashSet<>();
		for (PendingOutcome next = this.outcomes.peek(); next != null && fits(next, ids); next = this.outcomes.peek()) {
			batch.add(this.outcomes.remove());
		}
		long start = System.nanoTime();
		try {
			return write(batch) ? AFTER_LOCKED : Duration.ZERO;
		}
		finally {
			this.pace.ended(start, batch.size());
			requeueUnfinished(batch);
		}
	}

	private void requeueUnfinished(List<PendingOutcome> batch) {
		batch.stream().filter((outcome) -> !outcome.isFinished()).forEach(this.outcomes::add);
	}

	// Each job once: an older body may end while a newer claim of its job is given back.
	private static boolean fits(PendingOutcome next, Set<Long> ids) {
		return ids.size() < BATCH && ids.add(next.job().claimed().id());
	}

	private boolean write(List<PendingOutcome> batch) {
		try {
			return apply(batch,
					this.store.settle(batch.stream().map(PendingOutcome::settlement).toList(), this.history));
		}
		catch (DataIntegrityViolationException ex) {
			return writeApart(batch, ex);
		}
		catch (RuntimeException ex) {
			// Perhaps it was the reply to the commit that got lost.
			batch.forEach(PendingOutcome::doubt);
			throw ex;
		}
	}

	// Something in this batch cannot be stored: it must not hold up the others.
	private boolean writeApart(List<PendingOutcome> batch, DataIntegrityViolationException ex) {
		if (batch.size() > 1) {
			int half = batch.size() / 2;
			boolean locked = false;
			try {
				locked = write(batch.subList(0, half));
			}
			finally {
				// Even if the culprit stands before them.
				locked |= write(batch.subList(half, batch.size()));
			}
			return locked;
		}
		PendingOutcome culprit = batch.get(0);
		if (!culprit.simplify()) {
			throw ex;
		}
		logger.warn("The failure of job " + culprit.job().claimed().id() + " cannot be stored as it is: "
				+ CleanText.oneLine(ex, MAX_SHOWN));
		return write(batch);
	}

	private boolean apply(List<PendingOutcome> batch, Map<Long, Settled> results) {
		boolean locked = finishAll(batch, results);
		this.listener.roomMade();
		return locked;
	}

	private boolean finishAll(List<PendingOutcome> batch, Map<Long, Settled> results) {
		boolean locked = false;
		for (PendingOutcome outcome : batch) {
			Settled result = results.getOrDefault(outcome.job().claimed().id(), Settled.LOST);
			switch (result) {
				case DONE -> finish(outcome, outcome.outcome());
				case DONE_WITHOUT_HISTORY -> {
					warnOfHistory();
					finish(outcome, outcome.outcome());
				}
				case LOST -> finish(outcome, writtenBefore(outcome));
				case LOCKED -> locked = true;
			}
		}
		return locked;
	}

	// After a commit whose reply was lost, no row means that the first try went through
	// or that the lease is lost: only what it left behind can tell. What leaves nothing
	// behind is taken for written.
	private @Nullable JobOutcome writtenBefore(PendingOutcome outcome) {
		JobOutcome perhapsWritten = outcome.perhapsWritten();
		if (perhapsWritten == null) {
			return null;
		}
		boolean written = !leavesTrace(perhapsWritten) || this.store.isRecorded(outcome.job().claimed());
		return written ? perhapsWritten : null;
	}

	private boolean leavesTrace(JobOutcome outcome) {
		if (outcome instanceof JobOutcome.Snoozed || outcome instanceof JobOutcome.Returned
				|| outcome instanceof JobOutcome.Parked) {
			return false;
		}
		return this.history || outcome instanceof JobOutcome.Retried || outcome instanceof JobOutcome.Dead;
	}

	private void finish(PendingOutcome outcome, @Nullable JobOutcome written) {
		RunningJob job = outcome.job();
		outcome.finish();
		job.identity().jobSettled(job.queue());
		this.slots.release(job.queue());
		if (written != null) {
			this.listener.written(job, written);
			this.events.publish(job.settledEvent(written, outcome.ran()), job);
			if (written instanceof JobOutcome.Dead dead) {
				this.events.publish(job.deadLetteredEvent(dead), job);
			}
		}
		else {
			this.events.publish(job.leaseLostEvent(), job);
		}
		this.listener.settled(job, outcome.outcome());
	}

	private void warnOfHistory() {
		if (!this.warnedOfHistory) {
			this.warnedOfHistory = true;
			logger.warn("The history cannot be written: jobs are settled without it. See the log of the database");
		}
	}

	/**
	 * Hears of settled jobs.
	 */
	@FunctionalInterface
	interface SettledListener {

		/**
		 * A job is no longer held.
		 * @param job the job
		 * @param outcome how its attempt ended
		 */
		void settled(RunningJob job, JobOutcome outcome);

		/**
		 * The outcome of an attempt has been written.
		 * @param job its job
		 * @param outcome how it ended
		 */
		default void written(RunningJob job, JobOutcome outcome) {
		}

		/**
		 * Others may be claimed, after a batch.
		 */
		default void roomMade() {
		}

	}

}
