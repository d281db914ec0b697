package io.jobstarter;

import java.time.Duration;
import java.time.Instant;

/**
 * Thrown by a handler whose time has not come: the job is due again later, and no attempt
 * is used up.
 */
public final class JobSnooze extends JobSignal {

	private final transient DueTime due;

	private JobSnooze(DueTime due) {
		super("snooze until " + due, null);
		this.due = due;
	}

	/**
	 * Asks to be run at an instant.
	 * @param instant when
	 * @return what to throw
	 */
	public static JobSnooze until(Instant instant) {
		return new JobSnooze(new DueTime.At(instant));
	}

	/**
	 * Asks to be run after a delay.
	 * @param delay how long to wait, not negative
	 * @return what to throw
	 */
	public static JobSnooze by(Duration delay) {
		return new JobSnooze(new DueTime.In(delay));
	}

	public DueTime due() {
		return this.due;
	}

}
