package io.jobstarter.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.jobstarter.JobEvent;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.execution.AttemptContext;
import io.jobstarter.execution.AttemptContext.Facts;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import io.jobstarter.execution.AttemptRequest;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.policy.RuleCounts;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.support.AttemptDetails;
import io.jobstarter.support.FailureFingerprint;
import org.jspecify.annotations.Nullable;

/**
 * A job that this node holds, from its claim to its settling.
 */
final class RunningJob implements AttemptDetails {

	private final ClaimedJob claimed;

	private final WorkerIdentity identity;

	private final int tenure;

	private final AttemptRequest request;

	private final long takenAt = System.nanoTime();

	private volatile @Nullable Long startedAt;

	private volatile @Nullable Long interruptedAt;

	private volatile boolean stuck;

	private volatile boolean warned;

	RunningJob(ClaimedJob claimed, WorkerIdentity identity, int tenure, JobDefinition definition) {
		this.claimed = claimed;
		this.identity = identity;
		this.tenure = tenure;
		RuleCounts counts = RuleCounts.parse(claimed.ruleCounts());
		AttemptContext context = new AttemptContext(new Facts(new JobId(claimed.id()), claimed.name(),
				claimed.lane().queue(), claimed.attempt() + 1, claimed.enqueuedAt(), claimed.dueAt(), claimed.headers(),
				claimed.tags(), idempotencyKey(claimed)), counts.trace());
		this.request = new AttemptRequest(definition, claimed.payload(), context, claimed.attempt(), counts,
				this::databaseTime);
	}

	// The id alone begins anew in another database, which shares the downstream systems.
	private static String idempotencyKey(ClaimedJob job) {
		long micros = ChronoUnit.MICROS.between(Instant.EPOCH, job.enqueuedAt());
		return "job-" + job.id() + "-" + Long.toString(micros, Character.MAX_RADIX);
	}

	// As it was at the claim, and moved on by this node's own measure.
	private Instant databaseTime() {
		return this.claimed.claimedAt().plusNanos(System.nanoTime() - this.takenAt);
	}

	ClaimedJob claimed() {
		return this.claimed;
	}

	WorkerIdentity identity() {
		return this.identity;
	}

	AttemptRequest request() {
		return this.request;
	}

	/**
	 * Tells whether the job is this node's own, as far as the node can know.
	 * @return whether it may start
	 */
	boolean isHeld() {
		return this.identity.isLeased() && this.identity.tenure() == this.tenure;
	}

	/**
	 * Tells whether its body must not outlive the lease: its transaction would be in
	 * vain, or somebody else may get its permits.
	 * @return whether it is interrupted then
	 */
	boolean isExclusive() {
		return isTransactional() || !this.claimed.keys().isEmpty();
	}

	boolean isTransactional() {
		return this.request.definition().transactional();
	}

	void started() {
		this.startedAt = System.nanoTime();
	}

	boolean hasStarted() {
		return this.startedAt != null;
	}

	Duration ran() {
		Long started = this.startedAt;
		return (started != null) ? Duration.ofNanos(System.nanoTime() - started) : Duration.ZERO;
	}

	boolean isOverTime() {
		Duration timeout = this.request.definition().timeout();
		return timeout != null && ran().compareTo(timeout) > 0;
	}

	boolean interrupt(InterruptReason reason) {
		boolean first = this.request.context().interrupt(reason);
		if (first) {
			this.interruptedAt = System.nanoTime();
		}
		return first;
	}

	void loseLease() {
		this.request.context().markLeaseLost();
	}

	/**
	 * Notes that the body runs on although it was interrupted.
	 * @param grace how long it may take to end
	 * @return whether this is news
	 */
	boolean becomesStuck(Duration grace) {
		Long interrupted = this.interruptedAt;
		if (this.stuck || interrupted == null || System.nanoTime() - interrupted < grace.toNanos()) {
			return false;
		}
		this.stuck = true;
		return true;
	}

	/**
	 * Notes that the body takes long.
	 * @param warnAfter what is long
	 * @return whether this is news
	 */
	boolean becomesLong(Duration warnAfter) {
		boolean news = !this.warned && ran().compareTo(warnAfter) > 0;
		this.warned |= news;
		return news;
	}

	boolean isStuck() {
		return this.stuck;
	}

	@Override
	public int number() {
		return this.claimed.attempt() + 1;
	}

	@Override
	public long worker() {
		return this.claimed.fence().worker();
	}

	@Override
	public String payload() {
		return this.claimed.payload();
	}

	@Override
	public @Nullable String trace() {
		return this.request.context().trace();
	}

	JobEvent.Started startedEvent() {
		return new JobEvent.Started(id(), name(), queue(), number(), waited());
	}

	/**
	 * Says how long it has waited since it was due.
	 * @return how long
	 */
	Duration waited() {
		Duration waited = Duration.between(this.claimed.dueAt(), this.claimed.claimedAt())
			.plusNanos(System.nanoTime() - this.takenAt);
		return waited.isNegative() ? Duration.ZERO : waited;
	}

	JobEvent.Settled settledEvent(JobOutcome outcome, Duration ran) {
		return new JobEvent.Settled(id(), name(), queue(), number(), outcome, ran);
	}

	JobEvent.DeadLettered deadLetteredEvent(JobOutcome.Dead dead) {
		return new JobEvent.DeadLettered(id(), name(), queue(), dead.reason(),
				FailureFingerprint.of(dead.reason(), dead.failure()), dead.failure());
	}

	JobEvent.LeaseLost leaseLostEvent() {
		return new JobEvent.LeaseLost(id(), name(), queue(), number());
	}

	JobEvent.Stuck stuckEvent() {
		return new JobEvent.Stuck(id(), name(), queue(), number());
	}

	/**
	 * Says where the job waits when it is given back.
	 * @return the lane
	 */
	Lane frontLane() {
		return this.claimed.lane().toFront();
	}

	@Override
	public String queue() {
		return this.claimed.lane().queue();
	}

	@Override
	public JobId id() {
		return this.request.context().id();
	}

	@Override
	public String name() {
		return this.claimed.name();
	}

}
