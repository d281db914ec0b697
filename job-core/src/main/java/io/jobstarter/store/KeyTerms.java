package io.jobstarter.store;

import java.util.Map;

/**
 * On what terms jobs with keys are claimed.
 *
 * @param permits how many jobs of a key may run at the same time, by the name of the
 * limit: what this process says, unless an operator has said otherwise. A limit that it
 * does not know lets one run.
 * @param startable how many jobs can start at once: the others are claimed ahead, which
 * no job with keys is
 */
public record KeyTerms(Map<String, Integer> permits, int startable) {

	/**
	 * Knows no limits, and starts whatever it gets.
	 */
	public static final KeyTerms NONE = new KeyTerms(Map.of(), Integer.MAX_VALUE);

	public KeyTerms {
		permits = Map.copyOf(permits);
	}

	/**
	 * Says how many jobs of a key may run at the same time.
	 * @param limit the name of the limit
	 * @return how many
	 */
	public int permitsOf(String limit) {
		return this.permits.getOrDefault(limit, 1);
	}

	/**
	 * Changes how many jobs can start.
	 * @param startable how many
	 * @return the terms with it
	 */
	public KeyTerms withStartable(int startable) {
		return new KeyTerms(this.permits, startable);
	}

}
