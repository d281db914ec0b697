package io.jobstarter.circuit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.jobstarter.BreakerState;
import io.jobstarter.JobOutcome;
import io.jobstarter.execution.Permission;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.BreakerRow;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * One circuit breaker as this node has it: the local one, which alone is asked for
 * permission, and what the fleet says of it, which it follows. When the local one turns
 * by itself, the turn is kept as {@link News} until the fleet has been told. While there
 * are news, the local one follows nobody but an operator.
 */
final class FleetBreaker {

	/**
	 * How long a node stays open beyond what it has been told, before it probes by
	 * itself. It is told again all the time, unless the database cannot be reached.
	 */
	static final Duration HOLD = Duration.ofSeconds(30);

	/** How long a prober may have nothing to probe with while jobs wait for it. */
	private static final Duration IDLE_PROBER = Duration.ofSeconds(3);

	/** Longer than anybody waits; what is longer cannot be told in nanoseconds. */
	private static final Duration LONGEST = Duration.ofDays(36_525);

	private static final Duration BETWEEN_ASKS = Duration.ofMillis(500);

	/** When there was none that this node could run, or has room for. */
	private static final Duration WITHOUT_PROBES = Duration.ofSeconds(2);

	private static final Duration BETWEEN_MORE_PROBES = Duration.ofSeconds(1);

	private static final int MAX_REASON = 500;

	private final String name;

	private final LocalBreaker local;

	private final Runnable whenNews;

	private final AtomicReference<@Nullable News> news = new AtomicReference<>();

	private volatile Epoch epoch = new Epoch();

	private volatile BreakerRow row;

	private volatile boolean probing;

	private volatile @Nullable Thread turning;

	private volatile @Nullable String lastError;

	private volatile long usedAt = System.nanoTime();

	/** Before it was asked how the breaker stands. */
	private long askedAt;

	private long heldUntil = System.nanoTime();

	/** Whether it is open for as long as this class said, not for its own time. */
	private volatile boolean held;

	private boolean following;

	private long idleSince = System.nanoTime();

	private int countedThen;

	private Duration betweenAsks = BETWEEN_ASKS;

	private long probedAt = System.nanoTime() - BETWEEN_MORE_PROBES.toNanos();

	FleetBreaker(String instance, String name, LocalBreakers locals, Runnable whenNews) {
		this.name = name;
		this.row = BreakerRow.closed(name);
		this.askedAt = System.nanoTime() - Duration.ofDays(1).toNanos();
		this.whenNews = whenNews;
		this.local = locals.create(instance, name, this::turned);
	}

	String name() {
		return this.name;
	}

	BreakerRow row() {
		return this.row;
	}

	LocalBreaker local() {
		return this.local;
	}

	@Nullable News news() {
		return this.news.get();
	}

	void told(News news) {
		this.news.compareAndSet(news, null);
	}

	long usedAt() {
		return this.usedAt;
	}

	/**
	 * Tells whether nothing would be missed without it.
	 * @return whether it is closed, everywhere, and nothing runs that it permitted
	 */
	boolean isDispensable() {
		return this.news.get() == null && this.row.state() == BreakerState.CLOSED && this.local.state().letsThrough()
				&& this.epoch.running.get() == 0;
	}

	Permission ask(JobDefinition definition) {
		this.usedAt = System.nanoTime();
		if (!this.local.tryAcquire()) {
			return new Permission.Refused(new JobOutcome.Parked(BreakerRow.parking(this.name)),
					"the circuit breaker '" + this.name + "' is open");
		}
		Epoch current = this.epoch;
		current.running.incrementAndGet();
		return new Call(this, current, definition);
	}

	// What was permitted before a turn says nothing about the time after it: a slow call
	// of before the outage must not decide in place of a probe.
	void ended(Epoch permitted, CallResult result, long nanos, @Nullable Throwable error) {
		permitted.running.decrementAndGet();
		if (permitted != this.epoch) {
			return;
		}
		switch (result) {
			case SUCCESS -> this.local.succeeded(nanos);
			case IGNORED -> this.local.release();
			case FAILURE -> {
				this.lastError = (error != null) ? error.getClass().getName() : null;
				fail(nanos, (error != null) ? error : new IllegalStateException());
			}
		}
	}

	// The application's predicates may throw, which would keep a probe's place for ever.
	private void fail(long nanos, Throwable error) {
		try {
			this.local.failed(nanos, error);
		}
		catch (Throwable ex) {
			this.local.release();
			throw ex;
		}
	}

	// Called by the local breaker, in the thread of an attempt or in that of follow,
	// which
	// has begun the epoch before: what is permitted right after the turn belongs to it.
	private void turned(BreakerState to, String why) {
		if (Thread.currentThread() == this.turning) {
			return;
		}
		this.epoch = new Epoch();
		this.held = false;
		BreakerRow decidedOn = this.probing ? this.row : null;
		if (to == BreakerState.OPEN) {
			tell(new News(to, decidedOn, reason((decidedOn != null) ? "its probes failed" : why), System.nanoTime()));
		}
		else if (to == BreakerState.CLOSED) {
			// Without being the prober: its own opening never reached the fleet.
			tell((decidedOn != null) ? new News(to, decidedOn, "", System.nanoTime()) : null);
		}
	}

	private String reason(String why) {
		String error = this.lastError;
		return CleanText.printable((error != null) ? why + ", last error " + error : why, MAX_REASON);
	}

	private void tell(@Nullable News turn) {
		this.probing = false;
		this.news.set(turn);
		this.whenNews.run();
	}

	/**
	 * Follows the fleet, unless something newer is known.
	 * @param now how the breaker stands
	 * @param asked {@link System#nanoTime()} before it was asked
	 * @param worker the id of this node's worker
	 */
	synchronized void follow(BreakerRow now, long asked, long worker) {
		boolean forced = now.state() == BreakerState.FORCED_OPEN || now.state() == BreakerState.FORCED_CLOSED;
		if (asked - this.askedAt < 0 || (this.news.get() != null && !forced)) {
			return;
		}
		if (forced) {
			this.news.set(null);
		}
		this.row = now;
		this.askedAt = asked;
		this.turning = Thread.currentThread();
		try {
			this.probing = now.isProbedBy(worker);
			turn(now);
		}
		finally {
			this.turning = null;
		}
	}

	private void turn(BreakerRow now) {
		BreakerState state = this.local.state();
		switch (now.state()) {
			case CLOSED -> {
				if (this.following && state != BreakerState.CLOSED) {
					turnTo(this.local::close);
				}
			}
			case OPEN -> {
				Duration left = now.left();
				hold((left != null && !left.isNegative()) ? shorter(left, LONGEST).plus(HOLD) : HOLD);
			}
			case HALF_OPEN -> {
				if (!this.probing) {
					hold(HOLD);
				}
				else if (state != BreakerState.HALF_OPEN) {
					turnTo(this.local::halfOpen);
				}
			}
			case FORCED_OPEN -> {
				if (state != BreakerState.FORCED_OPEN) {
					turnTo(this.local::forceOpen);
				}
			}
			case FORCED_CLOSED -> {
				if (state != BreakerState.FORCED_CLOSED) {
					turnTo(this.local::forceClosed);
				}
			}
		}
		this.following = now.state() != BreakerState.CLOSED;
	}

	private void hold(Duration time) {
		long until = System.nanoTime() + time.toNanos();
		boolean longEnough = until - this.heldUntil < HOLD.toNanos() / 2;
		if (this.local.state() != BreakerState.OPEN || !this.held || !longEnough) {
			this.held = true;
			turnTo(() -> this.local.open(time));
			this.heldUntil = until;
		}
	}

	private void turnTo(Runnable turn) {
		this.epoch = new Epoch();
		turn.run();
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * Takes back what it has turned to by itself: the fleet knew better.
	 * @param turn what it wanted to tell
	 * @param now how the breaker stands
	 * @param worker the id of this node's worker
	 */
	void overruled(News turn, BreakerRow now, long worker) {
		told(turn);
		synchronized (this) {
			this.following = true;
		}
		follow(now, System.nanoTime(), worker);
	}

	/**
	 * Tells how many probes this node would like to have now. Does not ask again too
	 * soon.
	 * @param worker the id of its worker
	 * @return how many, or 0
	 */
	synchronized int wantsProbes(long worker) {
		long now = System.nanoTime();
		if (this.news.get() != null || now - this.probedAt < this.betweenAsks.toNanos()) {
			return 0;
		}
		if (!this.row.isProbedBy(worker)) {
			return (untilProbes().compareTo(Duration.ZERO) > 0) ? 0 : this.local.probes();
		}
		boolean soon = now - this.probedAt < BETWEEN_MORE_PROBES.toNanos();
		return soon ? 0 : this.local.probes() - this.local.counted() - this.epoch.running.get();
	}

	/**
	 * Tells whether this node had better not be the prober any more: for some time
	 * nothing has run that it could decide by, though jobs wait. Perhaps they are in
	 * queues that only others serve, or this node is full.
	 * @param jobsWait whether jobs wait for this breaker
	 * @param now the present {@link System#nanoTime()}
	 * @return whether it should leave that to others
	 */
	synchronized boolean isIdleProber(boolean jobsWait, long now) {
		int counted = this.local.counted();
		if (!this.probing || !jobsWait || this.news.get() != null || this.epoch.running.get() > 0
				|| counted != this.countedThen) {
			this.idleSince = now;
			this.countedThen = counted;
			return false;
		}
		return now - this.idleSince >= IDLE_PROBER.toNanos();
	}

	synchronized void asksForProbes() {
		this.probedAt = System.nanoTime();
	}

	synchronized long probedAt() {
		return this.probedAt;
	}

	/**
	 * Hears whether it got probes. If there were none for this node, it asks less often:
	 * jobs of many breakers may wait in a queue that is paused.
	 * @param some whether it got any
	 */
	synchronized void gotProbes(boolean some) {
		this.betweenAsks = some ? BETWEEN_ASKS : WITHOUT_PROBES;
	}

	/**
	 * Tells how long it is until somebody should probe.
	 * @return the time, zero or less if it is now; for ever if nobody should
	 */
	synchronized Duration untilProbes() {
		Duration left = this.row.left();
		return switch (this.row.state()) {
			case OPEN -> (left != null) ? left.minusNanos(System.nanoTime() - this.askedAt) : Duration.ofDays(1);
			case HALF_OPEN -> this.row.proberAlive() ? Duration.ofDays(1) : Duration.ZERO;
			case CLOSED, FORCED_OPEN, FORCED_CLOSED -> Duration.ofDays(1);
		};
	}

	/**
	 * A turn that the fleet does not know of yet.
	 *
	 * @param to what it turned to
	 * @param decidedOn what it was the prober of, or {@code null} if it was none
	 * @param reason why
	 * @param at {@link System#nanoTime()} when it turned
	 */
	record News(BreakerState to, @Nullable BreakerRow decidedOn, String reason, long at) {
	}

	/**
	 * The time between two turns, and what runs that was permitted in it.
	 */
	static final class Epoch {

		private final AtomicInteger running = new AtomicInteger();

	}

	/**
	 * What an attempt says about what it calls.
	 */
	enum CallResult {

		SUCCESS, FAILURE, IGNORED

	}

}
