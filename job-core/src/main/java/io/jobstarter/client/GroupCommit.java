package io.jobstarter.client;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import io.jobstarter.Enqueued;
import io.jobstarter.store.NewJob;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Commits together what several threads enqueue one by one. It has no threads of its own:
 * of the callers, up to two commit, each for all that have come since, and the others
 * wait. So there is nothing to start or to stop, nobody waits longer in a queue than
 * callers there are, and no more connections are taken than without.
 */
final class GroupCommit {

	/** While one waits for the disk, the other has the processor. */
	private static final int COMMITTERS = 2;

	private static final int MAX_JOBS = 500;

	private static final int MAX_TEXT = 1_000_000;

	/**
	 * Classes of SQLSTATE in which a server refuses a statement, so that nothing of it is
	 * committed: data, integrity, transaction state, rollback, access, resources, limits,
	 * locks.
	 */
	private static final Set<String> REFUSALS = Set.of("22", "23", "25", "40", "42", "53", "54", "55");

	private static final String CANCELLED = "57014";

	private final Function<List<NewJob>, List<Enqueued>> insert;

	private final Queue<Entry> waiting = new ArrayDeque<>();

	private int committing;

	/**
	 * Makes a group commit.
	 * @param insert inserts jobs and commits them, all or none
	 */
	GroupCommit(Function<List<NewJob>, List<Enqueued>> insert) {
		this.insert = insert;
	}

	/**
	 * Enqueues a job and waits until it is committed. An interrupt does not end the wait,
	 * for the caller would not know what became of the job; it is kept.
	 * @param job a job without a unique key: one with a key may have to wait for whoever
	 * holds that, and all others with it
	 * @return what became of it
	 * @throws RuntimeException what went wrong. If the connection broke, all that were
	 * inserted together get the same, and may have been committed
	 */
	Enqueued insert(NewJob job) {
		Entry entry = new Entry(job);
		boolean interrupted = !beginsAtOnce(entry) && entry.await();
		try {
			List<Entry> group = entry.group;
			if (group != null) {
				commit(group);
			}
			return entry.alone ? this.insert.apply(List.of(job)).get(0) : entry.result();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private synchronized boolean beginsAtOnce(Entry entry) {
		if (this.committing < COMMITTERS) {
			this.committing++;
			entry.group = List.of(entry);
			return true;
		}
		this.waiting.add(entry);
		return false;
	}

	private void commit(List<Entry> group) {
		try {
			List<Enqueued> results = this.insert.apply(group.stream().map((entry) -> entry.job).toList());
			for (int i = 0; i < results.size(); i++) {
				group.get(i).result = results.get(i);
			}
		}
		catch (Throwable ex) {
			fail(group, ex);
		}
		finally {
			handOver();
			group.forEach(Entry::tell);
		}
	}

	// The others need not suffer from one that the server refuses, or from an interrupt
	// of whoever committed.
	private static void fail(List<Entry> group, Throwable failure) {
		boolean alone = group.size() > 1 && isWithoutEffect(failure);
		for (Entry entry : group) {
			entry.alone = alone;
			entry.failure = failure;
		}
	}

	// Whatever else it is, the commit may have been done before it: again, the jobs would
	// be there twice.
	private static boolean isWithoutEffect(Throwable failure) {
		if (failure instanceof CannotGetJdbcConnectionException
				|| failure instanceof CannotCreateTransactionException) {
			return true;
		}
		return NestedExceptionUtils.getMostSpecificCause(failure) instanceof SQLException cause
				&& cause.getSQLState() != null && isRefusal(cause.getSQLState());
	}

	private static boolean isRefusal(String state) {
		return state.equals(CANCELLED) || (state.length() == 5 && REFUSALS.contains(state.substring(0, 2)));
	}

	private void handOver() {
		List<Entry> group = nextGroup();
		if (!group.isEmpty()) {
			group.get(0).lead(group);
		}
	}

	private synchronized List<Entry> nextGroup() {
		List<Entry> group = new ArrayList<>(this.waiting.size());
		int text = 0;
		while (!this.waiting.isEmpty() && group.size() < MAX_JOBS && text < MAX_TEXT) {
			Entry entry = this.waiting.remove();
			group.add(entry);
			text += entry.job.payload().length();
		}
		if (group.isEmpty()) {
			this.committing--;
		}
		return group;
	}

	/**
	 * A caller and its job. What it is told is written before {@code told}.
	 */
	private static final class Entry {

		private final NewJob job;

		private final Thread caller = Thread.currentThread();

		private @Nullable List<Entry> group;

		private @Nullable Enqueued result;

		private @Nullable Throwable failure;

		private boolean alone;

		private volatile boolean told;

		Entry(NewJob job) {
			this.job = job;
		}

		/** Lets the caller commit a group, which begins with its own entry. */
		void lead(List<Entry> group) {
			this.group = group;
			tell();
		}

		void tell() {
			this.told = true;
			LockSupport.unpark(this.caller);
		}

		boolean await() {
			boolean interrupted = false;
			while (!this.told) {
				LockSupport.park(this);
				interrupted |= Thread.interrupted();
			}
			return interrupted;
		}

		Enqueued result() {
			if (this.failure instanceof Error error) {
				throw error;
			}
			if (this.failure instanceof RuntimeException exception) {
				throw exception;
			}
			return Objects.requireNonNull(this.result);
		}

	}

}
