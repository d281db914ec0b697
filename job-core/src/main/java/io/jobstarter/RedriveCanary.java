package io.jobstarter;

/**
 * Jobs of a redrive that go first, and show whether the others are worth it. One has
 * succeeded once it is over without having failed; one that has failed once counts as
 * failed, though it may be retried. One that waits, for a slot or for a circuit to close,
 * is undecided, and the redrive waits with it.
 *
 * @param jobs how many jobs go first, up to {@value #MAX}; 0 for none
 * @param required how many of them have to succeed, 1 to all; 0 for none. If there are
 * fewer letters than {@code jobs}, the same share of them, rounded up
 */
public record RedriveCanary(int jobs, int required) {

	/**
	 * The most jobs that can go first.
	 */
	public static final int MAX = 1_000;

	/**
	 * Nothing goes first.
	 */
	public static final RedriveCanary NONE = new RedriveCanary(0, 0);

	/**
	 * Ten jobs go first, of which eight have to succeed.
	 */
	public static final RedriveCanary DEFAULT = new RedriveCanary(10, 8);

	public RedriveCanary {
		if (jobs < 0 || jobs > MAX) {
			throw new InvalidJobException("A canary has up to " + MAX + " jobs, not " + jobs);
		}
		if (required < Math.min(1, jobs) || required > jobs) {
			throw new InvalidJobException("Of a canary of " + jobs + " jobs " + Math.min(1, jobs) + " to " + jobs
					+ " have to succeed, not " + required);
		}
	}

	/**
	 * Whether anything goes first.
	 * @return whether there is a canary
	 */
	public boolean isPresent() {
		return this.jobs > 0;
	}

}
