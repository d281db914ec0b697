package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

import io.jobstarter.JobRate;
import io.jobstarter.store.RateWindow;
import org.jspecify.annotations.Nullable;

/**
 * A rate as it stands, by the clock of the database.
 *
 * @param name its name
 * @param rate the rate, as whoever took permits last had it
 * @param window what was taken
 * @param clock what the clock said when it was read
 * @param released how many jobs were let go that have not taken their permits yet
 * @param releasedAt when that was last
 * @param dueAt when the next jobs that wait for it may go, or {@code null} if none waits
 * @param touchedAt when it was last used
 */
record RateRow(String name, JobRate rate, RateWindow window, long clock, int released, @Nullable Instant releasedAt,
		@Nullable Instant dueAt, Instant touchedAt) {

	/**
	 * How long a job that was let go is waited for at least: it may have been cancelled,
	 * or find no slot.
	 */
	private static final long PATIENCE = TimeUnit.SECONDS.toMicros(30);

	static RateRow of(ResultSet row) throws SQLException {
		return new RateRow(row.getString("name"),
				new JobRate(row.getInt("permits"), Duration.of(row.getLong("per_micros"), ChronoUnit.MICROS)),
				RateWindow.of(row.getString("taken")), micros(Values.instant(row, "now")), row.getInt("released"),
				Values.nullableInstant(row, "released_at"), Values.nullableInstant(row, "due_at"),
				Values.instant(row, "touched_at"));
	}

	boolean isUnusedFor(Duration duration) {
		Instant since = instant(this.clock).minus(duration);
		return this.dueAt == null && this.touchedAt.isBefore(since)
				&& this.touchedAt.isBefore(instant(this.clock).minus(this.rate.per()));
	}

	boolean isWaitedFor() {
		return this.dueAt != null;
	}

	long now(JobRate rate) {
		return this.window.now(rate, this.clock);
	}

	/**
	 * Counts the jobs for which permits are kept.
	 * @param rate the rate
	 * @return how many were let go, and may yet come for their permits
	 */
	int outstanding(JobRate rate) {
		return (patienceLeft(rate) > 0) ? this.released : 0;
	}

	private long patienceLeft(JobRate rate) {
		long patience = Math.max(PATIENCE, Values.micros(rate.per()));
		return (this.releasedAt != null) ? micros(this.releasedAt) + patience - this.clock : 0;
	}

	/**
	 * Says when the next jobs may go that wait for the rate.
	 * @param rate the rate
	 * @param window what is taken
	 * @param now the time
	 * @param outstanding for how many others permits are kept
	 * @return in how many microseconds
	 */
	long dueIn(JobRate rate, RateWindow window, long now, int outstanding) {
		if (outstanding >= rate.permits()) {
			return Math.max(0, patienceLeft(rate));
		}
		return window.untilFree(rate, now, outstanding + 1);
	}

	static long micros(Instant instant) {
		return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
	}

	static Instant instant(long micros) {
		return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
	}

}
