package io.jobstarter.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.jobstarter.JobEvent;
import io.jobstarter.JobId;
import io.jobstarter.store.NewJob;
import io.jobstarter.support.JoinedTransaction;
import io.jobstarter.support.LoggedError;
import io.jobstarter.support.SafeEvents;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DuplicateKeyException;

/**
 * Inserts jobs after the commit of a transaction of another database, in one transaction
 * of their own. It never throws: to the caller that would look as if nothing had been
 * committed.
 */
final class DeferredInsert {

	private static final Log logger = LogFactory.getLog(DeferredInsert.class);

	private static final int ATTEMPTS = 3;

	private static final Duration PAUSE = Duration.ofMillis(100);

	/** The caller waits, and holds a connection of the other database. */
	private static final Duration LONGEST = Duration.ofSeconds(5);

	private static final int MAX_NAMED = 100;

	private final JoinedTransaction transaction;

	private final Consumer<List<NewJob>> insert;

	private final Predicate<List<NewJob>> recorded;

	private final SafeEvents events;

	/**
	 * Makes a deferred insert.
	 * @param transaction begins the transaction of the jobs
	 * @param insert inserts them, within it
	 * @param recorded tells, within it, whether any of them was ever inserted
	 * @param events hears of jobs that are lost
	 */
	DeferredInsert(JoinedTransaction transaction, Consumer<List<NewJob>> insert, Predicate<List<NewJob>> recorded,
			SafeEvents events) {
		this.transaction = transaction;
		this.insert = insert;
		this.recorded = recorded;
		this.events = events;
	}

	void run(List<NewJob> jobs) {
		long start = System.nanoTime();
		boolean doubtful = false;
		for (int attempt = 1;; attempt++) {
			try {
				insert(jobs, doubtful);
				return;
			}
			catch (Throwable ex) {
				// Ids that are taken are no sign of an earlier commit of ours by
				// themselves.
				doubtful |= !(ex instanceof DuplicateKeyException);
				if (attempt == ATTEMPTS || System.nanoTime() - start > LONGEST.toNanos()) {
					lostUnlessRecorded(jobs, doubtful, ex);
					return;
				}
			}
			LockSupport.parkNanos(PAUSE.toNanos() * attempt);
		}
	}

	// The reply to an earlier COMMIT may be what was lost, and a job may be over by now.
	private void insert(List<NewJob> jobs, boolean doubtful) {
		this.transaction.executeApart(() -> {
			if (!doubtful || !this.recorded.test(jobs)) {
				this.insert.accept(jobs);
			}
			return true;
		});
	}

	private void lostUnlessRecorded(List<NewJob> jobs, boolean doubtful, Throwable cause) {
		if (!doubtful || !isRecorded(jobs)) {
			lost(jobs, cause);
		}
	}

	private boolean isRecorded(List<NewJob> jobs) {
		try {
			return this.transaction.executeApart(() -> this.recorded.test(jobs));
		}
		catch (Throwable ex) {
			return false;
		}
	}

	private void lost(List<NewJob> jobs, Throwable cause) {
		String named = jobs.stream()
			.limit(MAX_NAMED)
			.map((job) -> job.id() + " (" + job.name() + ")")
			.collect(Collectors.joining(", "));
		String more = (jobs.size() > MAX_NAMED) ? " and " + (jobs.size() - MAX_NAMED) + " more" : "";
		logger.error("Jobs are lost: the transaction of another database that enqueued them is committed, and they "
				+ "could not be added: " + named + more, LoggedError.of(cause));
		for (NewJob job : jobs) {
			if (job.id() != null) {
				this.events.publish(new JobEvent.EnqueueFailed(new JobId(job.id()), job.name(), job.queue()));
			}
		}
	}

}
