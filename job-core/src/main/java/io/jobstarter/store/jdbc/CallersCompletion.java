package io.jobstarter.store.jdbc;

import java.util.List;

import io.jobstarter.JobState;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.jdbc.KeyPermits.Returned;
import io.jobstarter.support.AfterCommit;

/**
 * Ends a job in the transaction of the handler that ran it.
 */
final class CallersCompletion {

	private final CallersTransaction transaction;

	private final Statements statements;

	private final Savepoints savepoints;

	private final String delete;

	private final JobEnds ends;

	private final UniqueKeys keys;

	private final KeyPermits permits;

	private final ReleasedLanes released;

	private final Signal left;

	CallersCompletion(CallersTransaction transaction, Statements statements, Savepoints savepoints, Dialect dialect,
			KeyPermits permits, ReleasedLanes released, Signal left) {
		this.left = left;
		this.permits = permits;
		this.released = released;
		this.transaction = transaction;
		this.statements = statements;
		this.savepoints = savepoints;
		this.delete = dialect.deleteHeld();
		this.ends = new JobEnds(statements);
		this.keys = dialect.uniqueKeys(statements);
	}

	// Keys are locked before the row. The history reads the row, so it comes next. If the
	// job turns out to be lost, the
	// caller's rollback takes the entry along.
	boolean complete(ClaimedJob job, boolean history) {
		return this.transaction.write(() -> {
			Returned returned = this.permits.giveBack(List.of(job.keys()));
			if (history) {
				List<Ended> ended = List.of(new Ended(job.id(), JobState.SUCCEEDED, 0, null));
				this.savepoints.tryTo("write the history of job " + job.id(), () -> this.ends.writeHistory(ended));
			}
			this.keys.freeOf(job.id(), job.fence().worker(), job.fence().claim());
			boolean held = this.statements.of(this.delete)
				.param("id", job.id())
				.param("worker", job.fence().worker())
				.param("claim", job.fence().claim())
				.update() == 1;
			if (held && !job.keys().isEmpty()) {
				ReleasedJobs released = returned.settle(List.of(job.keys()));
				AfterCommit.run(() -> announce(released));
			}
			return held;
		});
	}

	private void announce(ReleasedJobs jobs) {
		this.released.announce(jobs.lanes());
		if (jobs.isLeftToOthers()) {
			this.left.raise();
		}
	}

}
