package io.jobstarter.policy;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Says when jobs may come back that were refused since there is no room: one after
 * another, at the pace at which room is made. So each of them is claimed about twice,
 * however many there are, and none of the room is wasted. A job that arrives while there
 * is room does not wait behind them; whoever finds none then joins the end.
 */
public final class PutOffs {

	private static final Duration DAY = Duration.ofDays(1);

	/** The share of the distance between two of them that is left to chance. */
	private static final double JITTER = 0.25;

	private final DoubleSupplier chance;

	/** Whoever would come back later than this looks again about then. */
	private final long horizon;

	private long next;

	private boolean begun;

	/**
	 * Makes the plan of those who wait for the same room.
	 * @param chance gives numbers from 0 up to 1
	 */
	public PutOffs(DoubleSupplier chance) {
		this(chance, DAY);
	}

	/**
	 * Makes the plan of those who wait for room that may come sooner than it seems.
	 * @param chance gives numbers from 0 up to 1
	 * @param horizon for how long anybody is put off at most: then it looks again
	 */
	PutOffs(DoubleSupplier chance, Duration horizon) {
		this.chance = chance;
		this.horizon = horizon.toNanos();
	}

	/**
	 * Gives a refused job its turn.
	 * @param now the present {@link System#nanoTime()}
	 * @param room in how many nanoseconds there may be room again
	 * @param distance the nanoseconds between two turns
	 * @return how long the job waits
	 */
	public synchronized Duration delay(long now, long room, long distance) {
		long from = now + room;
		// Compared by subtraction: nanoTime may overflow.
		long turn = (this.begun && this.next - from > 0) ? this.next : from;
		if (turn - now > this.horizon) {
			return Duration.ofNanos((long) (this.horizon * (0.5 + this.chance.getAsDouble() / 2)));
		}
		this.begun = true;
		this.next = turn + distance;
		return Duration.ofNanos(turn - now + (long) (distance * JITTER * this.chance.getAsDouble()));
	}

}
