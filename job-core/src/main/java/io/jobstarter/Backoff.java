package io.jobstarter;

/**
 * How the wait grows with the failures so far (n = 1 after the first).
 */
public enum Backoff {

	/** Always the same wait. */
	FIXED,

	/** The wait times n. */
	LINEAR,

	/** The wait times 3 to the power of n - 1. */
	EXPONENTIAL,

	/**
	 * The wait plus n to the power of 4 seconds, plus 2: the curve of Rails' Active Job
	 * ({@code polynomially_longer}), and with a wait of {@code 0s} exactly that.
	 */
	POLYNOMIAL

}
