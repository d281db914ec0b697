package io.jobstarter.store;

import java.util.Map;

import io.jobstarter.JobRate;

/**
 * On what terms jobs with keys are claimed.
 *
 * @param permits how many jobs of a key may run at the same time, by the name of the
 * limit: what this process says, unless an operator has said otherwise. A limit that it
 * does not know lets one run.
 * @param startable how many jobs can start at once: the others are claimed ahead, which
 * no job with keys is
 * @param rates how many jobs of a key may start within a time, by the name of the limit
 */
public record KeyTerms(Map<String, Integer> permits, int startable, Map<String, JobRate> rates) {

	/**
	 * Knows no limits, and starts whatever it gets.
	 */
	public static final KeyTerms NONE = new KeyTerms(Map.of(), Integer.MAX_VALUE, Map.of());

	public KeyTerms {
		permits = Map.copyOf(permits);
		rates = Map.copyOf(rates);
	}

	/**
	 * Makes terms without rates.
	 * @param permits how many jobs of a key may run at the same time
	 * @param startable how many jobs can start at once
	 */
	public KeyTerms(Map<String, Integer> permits, int startable) {
		this(permits, startable, Map.of());
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
		return new KeyTerms(this.permits, startable, this.rates);
	}

}
