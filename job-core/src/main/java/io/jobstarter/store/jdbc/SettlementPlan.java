package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.DueTime;
import io.jobstarter.JobFailure;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Settlement;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * Sorts settlements by what is to be written, so that each kind is one statement.
 */
final class SettlementPlan {

	private static final Comparator<ClaimedJob> OLD_ORDER = Comparator
		.comparing((ClaimedJob job) -> !job.lane().front())
		.thenComparing(ClaimedJob::position);

	/** What the column holds on MariaDB. */
	private static final int MAX_REASON = 400;

	private final List<JobEnds.Failed> failed = new ArrayList<>();

	private final List<JobEnds.Died> died = new ArrayList<>();

	private final List<Ended> ended = new ArrayList<>();

	private final List<Postponed> postponed = new ArrayList<>();

	private final List<ClaimedJob> returned = new ArrayList<>();

	private final List<Parked> parked = new ArrayList<>();

	/**
	 * Adds a settlement of a job that is still held.
	 * @param settlement how the attempt ended
	 * @param cancelRequested whether somebody wants the job cancelled: it does not run
	 * again then, whatever the outcome asks for
	 */
	void add(Settlement settlement, boolean cancelRequested) {
		ClaimedJob job = settlement.job();
		JobOutcome outcome = settlement.outcome();
		if (outcome instanceof JobOutcome.Succeeded) {
			end(job, JobState.SUCCEEDED, 0, null);
		}
		else if (outcome instanceof JobOutcome.Cancelled) {
			end(job, JobState.CANCELLED, 0, null);
		}
		else if (outcome instanceof JobOutcome.Discarded discarded) {
			discard(job, discarded);
		}
		else if (outcome instanceof JobOutcome.Dead dead) {
			fail(job, dead.failure());
			this.died.add(new JobEnds.Died(job.id(), dead.reason(), dead.failure(), settlement.callback(),
					headersOf(settlement)));
		}
		else if (outcome instanceof JobOutcome.Retried retried) {
			retry(settlement, retried, cancelRequested);
		}
		else if (cancelRequested) {
			end(job, JobState.CANCELLED, 0, null);
		}
		else if (outcome instanceof JobOutcome.Snoozed snoozed) {
			this.postponed.add(new Postponed(job.id(), 0, null, snoozed.due(), reason(snoozed)));
		}
		else if (outcome instanceof JobOutcome.Parked waiting) {
			this.parked.add(new Parked(job.id(), waiting.reason()));
		}
		else {
			this.returned.add(job);
		}
	}

	// Retries have none: so it tells that no attempt was used up.
	private static String reason(JobOutcome.Snoozed snoozed) {
		String reason = snoozed.reason();
		return (reason != null) ? CleanText.storable(reason, MAX_REASON) : "it was put off";
	}

	// By which the job that is enqueued in place of the letter is linked to this one.
	private static @Nullable String headersOf(Settlement settlement) {
		if (settlement.trace() == null) {
			return null;
		}
		Map<String, String> headers = new LinkedHashMap<>(settlement.job().headers());
		headers.put(DeadLetterRedrives.ORIGIN_TRACE_HEADER, settlement.trace());
		return Values.json(headers);
	}

	private void discard(ClaimedJob job, JobOutcome.Discarded discarded) {
		if (discarded.failure() != null) {
			fail(job, discarded.failure());
		}
		end(job, JobState.DISCARDED, (discarded.failure() != null) ? 1 : 0, discarded.reason());
	}

	private void retry(Settlement settlement, JobOutcome.Retried retried, boolean cancelRequested) {
		ClaimedJob job = settlement.job();
		fail(job, retried.failure());
		if (cancelRequested) {
			end(job, JobState.CANCELLED, 1, null);
		}
		else {
			this.postponed.add(new Postponed(job.id(), 1, settlement.ruleCounts(), in(retried.delay()), null));
		}
	}

	private static DueTime in(Duration delay) {
		return delay.isNegative() ? DueTime.NOW
				: new DueTime.In((delay.compareTo(DueTime.In.MAX) > 0) ? DueTime.In.MAX : delay);
	}

	private void fail(ClaimedJob job, JobFailure failure) {
		this.failed.add(new JobEnds.Failed(job.id(), failure));
	}

	private void end(ClaimedJob job, JobState state, int failed, @Nullable String reason) {
		this.ended.add(new Ended(job.id(), state, failed, reason));
	}

	List<JobEnds.Failed> failed() {
		return this.failed;
	}

	List<JobEnds.Died> died() {
		return this.died;
	}

	List<Ended> ended() {
		return this.ended;
	}

	List<Postponed> postponed() {
		return this.postponed;
	}

	List<Parked> parked() {
		return this.parked;
	}

	/**
	 * The jobs that go back to the front of their lanes.
	 * @return their ids, in the order that they had
	 */
	List<Long> returned() {
		return this.returned.stream().sorted(OLD_ORDER).map(ClaimedJob::id).toList();
	}

	/**
	 * The jobs whose rows go.
	 * @return their ids
	 */
	List<Long> gone() {
		return Stream.concat(this.ended.stream().map(Ended::id), this.died.stream().map(JobEnds.Died::id))
			.sorted()
			.toList();
	}

	/**
	 * The jobs that are settled without an entry in the history.
	 * @return their ids
	 */
	List<Long> changed() {
		return Stream
			.of(this.died.stream().map(JobEnds.Died::id), this.postponed.stream().map(Postponed::id),
					this.returned.stream().map(ClaimedJob::id), this.parked.stream().map(Parked::id))
			.flatMap((ids) -> ids)
			.toList();
	}

	/**
	 * A job that is blocked.
	 *
	 * @param id its id
	 * @param reason what it waits for
	 */
	record Parked(long id, String reason) {
	}

	/**
	 * A job that is due again later.
	 *
	 * @param id its id
	 * @param failed how many attempts failed with this: 0 or 1
	 * @param ruleCounts which retry rule has decided how often, if an attempt failed
	 * @param due when it is due
	 * @param reason why it was put off, if no attempt failed
	 */
	record Postponed(long id, int failed, @Nullable String ruleCounts, DueTime due, @Nullable String reason) {
	}

}
