package io.jobstarter.operations;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.jobstarter.Audit;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobLimits;
import io.jobstarter.JobOperations;
import io.jobstarter.OperatorAction.Operation;
import io.jobstarter.store.LimitStore;
import io.jobstarter.support.AfterCommit;
import io.jobstarter.support.Names;

/**
 * The {@link JobLimits} over a database.
 */
final class DefaultJobLimits implements JobLimits {

	private final LimitStore store;

	private final OperatorTransaction transaction;

	private final Operators operators;

	private final AuditTrail trail;

	DefaultJobLimits(LimitStore store, OperatorTransaction transaction, Operators operators, AuditTrail trail) {
		this.store = store;
		this.transaction = transaction;
		this.operators = operators;
		this.trail = trail;
	}

	@Override
	public List<LimitInfo> list() {
		return this.transaction.reading(this.store::limits);
	}

	@Override
	public List<KeyInfo> keys(String limit, int count) {
		Filters.check(limit);
		if (count < 1 || count > JobOperations.MAX_PAGE_SIZE) {
			throw new InvalidJobException("A page holds 1 to " + JobOperations.MAX_PAGE_SIZE + " keys, not " + count);
		}
		return this.transaction.reading(() -> this.store.keys(limit, count));
	}

	@Override
	public Optional<KeyInfo> key(String id) {
		Filters.check(id);
		return this.transaction.reading(() -> this.store.key(id));
	}

	@Override
	public void set(String limit, int permits, Audit audit) {
		Names.job(limit);
		if (permits < 0 || permits > MAX_PERMITS) {
			throw new InvalidJobException(
					"A limit allows 0 to " + MAX_PERMITS + " jobs of a key at the same time, not " + permits);
		}
		Audit complete = this.operators.complete(audit);
		this.transaction.changing(() -> {
			this.store.set(limit, permits, complete);
			AfterCommit.run(this.store::announce);
			this.trail.record(Operation.SET_LIMIT, target(limit), complete, 1,
					Map.of("permits", Integer.toString(permits)));
			return limit;
		});
	}

	@Override
	public boolean reset(String limit, Audit audit) {
		Filters.check(limit);
		Audit complete = this.operators.complete(audit);
		return this.transaction.changing(() -> {
			boolean reset = this.store.reset(limit);
			AfterCommit.run(this.store::announce);
			this.trail.record(Operation.RESET_LIMIT, target(limit), complete, reset);
			return reset;
		});
	}

	private static String target(String limit) {
		return "limit " + limit;
	}

}
