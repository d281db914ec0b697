package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

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

	static long micros(Instant instant) {
		return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
	}

	static Instant instant(long micros) {
		return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
	}

}
