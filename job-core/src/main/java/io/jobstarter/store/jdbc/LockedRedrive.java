package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import io.jobstarter.DeadReason;
import io.jobstarter.RedriveCanary;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveState;
import org.jspecify.annotations.Nullable;

/**
 * A redrive whose row is locked, as one step changes it.
 */
final class LockedRedrive {

	/** The time from one step to the next, unless the pace is slower. */
	private static final Duration BETWEEN_STEPS = Duration.ofMillis(200);

	/** Somebody's transaction holds a letter, who may redrive it or not. */
	private static final Duration FOR_OTHERS = Duration.ofSeconds(1);

	private static final Duration FIRST_LOOK = Duration.ofMillis(500);

	private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

	private final RedriveInfo info;

	private final long lastLetter;

	private final Instant now;

	private RedriveState state;

	private long passedLetter;

	private int redriven;

	private int canarySent;

	private int canarySucceeded;

	private int canaryFailed;

	private RedrivePacing pacing;

	private Instant nextAt;

	private @Nullable String stoppedBecause;

	LockedRedrive(ResultSet row, int number) throws SQLException {
		requireKnownReason(row.getString("reason"));
		this.info = RedriveMapper.INSTANCE.mapRow(row, number);
		this.lastLetter = row.getLong("last_letter");
		this.now = Values.instant(row, "now");
		this.state = this.info.state();
		this.passedLetter = row.getLong("passed_letter");
		this.canarySent = this.info.progress().canarySent();
		this.canarySucceeded = this.info.progress().canarySucceeded();
		this.canaryFailed = this.info.progress().canaryFailed();
		this.pacing = new RedrivePacing(this.info.pause(), Values.instant(row, "paced_until"));
		this.nextAt = this.now;
	}

	// To take it for another would redrive letters that nobody has asked for.
	private static void requireKnownReason(@Nullable String reason) {
		if (reason != null) {
			DeadReason.valueOf(reason.toUpperCase(Locale.ROOT));
		}
	}

	RedriveInfo info() {
		return this.info;
	}

	long id() {
		return this.info.id();
	}

	long lastLetter() {
		return this.lastLetter;
	}

	long passedLetter() {
		return this.passedLetter;
	}

	RedriveState state() {
		return this.state;
	}

	int redriven() {
		return this.redriven;
	}

	int canarySent() {
		return this.canarySent;
	}

	int canarySucceeded() {
		return this.canarySucceeded;
	}

	int canaryFailed() {
		return this.canaryFailed;
	}

	Instant nextAt() {
		return this.nextAt;
	}

	Duration dueIn() {
		return Duration.between(this.now, this.nextAt);
	}

	Instant pacedUntil() {
		return this.pacing.until();
	}

	@Nullable String stoppedBecause() {
		return this.stoppedBecause;
	}

	/**
	 * Tells how many letters this step takes.
	 * @param most how many a step takes at most
	 * @return how many, at least one: it is due
	 */
	int wanted(int most) {
		int missing = (this.state == RedriveState.CANARY) ? this.info.canary().jobs() - this.canarySent : most;
		return Math.max(1, this.pacing.allowed(this.now, Math.min(most, missing)));
	}

	/**
	 * Notes that letters were taken.
	 * @param letters how many
	 * @param jobs how many jobs were enqueued: fewer, if others hold their unique keys
	 * @param last the id up to which letters have been dealt with
	 * @param most how many a step takes at most
	 */
	void took(int letters, int jobs, long last, int most) {
		this.passedLetter = last;
		this.redriven = letters;
		this.pacing = this.pacing.taken(letters, this.now);
		if (this.state == RedriveState.CANARY) {
			this.canarySent += jobs;
			this.nextAt = isCanaryComplete() ? this.now.plus(FIRST_LOOK) : notBefore(BETWEEN_STEPS);
		}
		else if (isExhausted()) {
			this.state = RedriveState.DONE;
		}
		else {
			this.nextAt = (this.pacing.allowed(this.now, most) == most) ? this.now : notBefore(BETWEEN_STEPS);
		}
	}

	/**
	 * Notes that letters were taken, except for some that other transactions hold: the
	 * next step comes back to these.
	 * @param letters how many were taken
	 * @param jobs how many jobs were enqueued
	 * @param held the id of the first letter that is held
	 */
	void tookBefore(int letters, int jobs, long held) {
		this.passedLetter = held - 1;
		this.redriven = letters;
		this.pacing = this.pacing.taken(letters, this.now);
		if (this.state == RedriveState.CANARY) {
			this.canarySent += jobs;
		}
		this.nextAt = notBefore(FOR_OTHERS);
	}

	private Instant notBefore(Duration pause) {
		Instant earliest = this.now.plus(pause);
		return this.pacing.until().isAfter(earliest) ? this.pacing.until() : earliest;
	}

	/**
	 * Notes what has become of more jobs of the canary, and what that means.
	 * @param succeeded how many more have succeeded
	 * @param failed how many more have failed
	 */
	void judge(int succeeded, int failed) {
		this.canarySucceeded += succeeded;
		this.canaryFailed += failed;
		CanaryCount count = new CanaryCount(this.info.canary(), this.canarySent, isCanaryComplete(),
				this.canarySucceeded, this.canaryFailed);
		if (count.hasFailed()) {
			this.state = RedriveState.STOPPED;
			this.stoppedBecause = count.whyItFailed();
		}
		else if (count.hasPassed()) {
			this.state = isExhausted() ? RedriveState.DONE : RedriveState.RUNNING;
		}
	}

	/**
	 * Waits for the canary: the longer it has taken, the longer.
	 */
	void waitForCanary() {
		Duration wait = Duration.between(this.info.changedAt(), this.now).dividedBy(10);
		wait = (wait.compareTo(FIRST_LOOK) < 0) ? FIRST_LOOK : wait;
		this.nextAt = this.now.plus((wait.compareTo(LONGEST_LOOK) > 0) ? LONGEST_LOOK : wait);
	}

	boolean isCanaryComplete() {
		RedriveCanary canary = this.info.canary();
		return this.canarySent >= canary.jobs() || isExhausted();
	}

	private boolean isExhausted() {
		return this.passedLetter >= this.lastLetter;
	}

}
