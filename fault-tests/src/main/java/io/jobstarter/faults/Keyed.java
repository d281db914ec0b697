package io.jobstarter.faults;

/**
 * A job that has to do with others of its key.
 */
public sealed interface Keyed {

	/** What limits the jobs of a key to one at a time, of two types together. */
	String ONE = "one";

	/** What limits them to three. */
	String THREE = "three";

	/** What keeps them in order, those of two types together. */
	String LINE = "line";

	/**
	 * Which job it is.
	 * @return the number
	 */
	int number();

	/**
	 * What it has in common with others.
	 * @return the key
	 */
	String key();

	/**
	 * How long it takes.
	 * @return milliseconds
	 */
	int millis();

	/**
	 * How many attempts fail before one succeeds.
	 * @return the number
	 */
	int failures();

	/**
	 * Runs alone.
	 */
	record One(int number, String key, int millis, int failures) implements Keyed {
	}

	/**
	 * Runs alone, with an effect in its transaction.
	 */
	record OneEffect(int number, String key, int millis, int failures) implements Keyed {
	}

	/**
	 * Runs beside two others.
	 */
	record Three(int number, String key, int millis, int failures) implements Keyed {
	}

	/**
	 * Runs in order.
	 */
	record Line(int number, String key, int millis, int failures) implements Keyed {
	}

	/**
	 * Runs in order, with an effect in its transaction.
	 */
	record LineEffect(int number, String key, int millis, int failures) implements Keyed {
	}

}
