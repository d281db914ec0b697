package io.jobstarter;

import java.time.Duration;

/**
 * What a redrive by filter is to do. By default ten jobs go first, of which eight have to
 * succeed, and then a hundred a second: <pre>{@code
 * RedriveRequest.of(DeadLetterFilter.OPEN.withName("send-mail").withFingerprint("9f86d081"))
 *     .canary(20, 19)
 *     .over(Duration.ofHours(2))
 * }</pre>
 *
 * @param filter which letters
 * @param pace how fast
 * @param canary what goes first
 */
public record RedriveRequest(DeadLetterFilter filter, RedrivePace pace, RedriveCanary canary) {

	/**
	 * Asks for the letters that a filter meets, at the default pace and behind the
	 * default canary.
	 * @param filter which letters
	 * @return the request
	 */
	public static RedriveRequest of(DeadLetterFilter filter) {
		return new RedriveRequest(filter, RedrivePace.DEFAULT, RedriveCanary.DEFAULT);
	}

	/**
	 * Sets how many jobs are enqueued in a second.
	 * @param jobs how many, 1 to {@value RedrivePace.PerSecond#MAX}
	 * @return the request
	 * @throws InvalidJobException if it is out of that range
	 */
	public RedriveRequest perSecond(int jobs) {
		return new RedriveRequest(this.filter, new RedrivePace.PerSecond(jobs), this.canary);
	}

	/**
	 * Spreads the jobs evenly over a time.
	 * @param time how long it is to take, up to 30 days
	 * @return the request
	 * @throws InvalidJobException if it is out of that range
	 */
	public RedriveRequest over(Duration time) {
		return new RedriveRequest(this.filter, new RedrivePace.Over(time), this.canary);
	}

	/**
	 * Lets some jobs go first, and the others only if enough of these succeed.
	 * @param jobs how many go first, 1 to {@value RedriveCanary#MAX}
	 * @param required how many of them have to succeed, 1 to all
	 * @return the request
	 * @throws InvalidJobException if they are out of these ranges
	 */
	public RedriveRequest canary(int jobs, int required) {
		if (jobs < 1) {
			throw new InvalidJobException(
					"A canary has 1 to " + RedriveCanary.MAX + " jobs, not " + jobs + ": withoutCanary() goes without");
		}
		return new RedriveRequest(this.filter, this.pace, new RedriveCanary(jobs, required));
	}

	/**
	 * Redrives all of them, whatever becomes of the first.
	 * @return the request
	 */
	public RedriveRequest withoutCanary() {
		return new RedriveRequest(this.filter, this.pace, RedriveCanary.NONE);
	}

}
