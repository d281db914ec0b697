package io.jobstarter.faults.life;

import java.util.Random;

/**
 * A job of the property test. What its attempts do is drawn from its seed.
 */
sealed interface Life {

	/** The queue of jobs without keys, which are claimed ahead. */
	String QUEUE = "life";

	/** The queue of jobs with keys. */
	String KEYED_QUEUE = "life-keyed";

	/** What limits the jobs of a key to two at a time. */
	String TWO = "life-two";

	/** The circuit breaker. */
	String CIRCUIT = "life";

	/**
	 * What it has in common with others.
	 * @return the key
	 */
	String key();

	/**
	 * Decides what its attempts do.
	 * @return the seed
	 */
	long seed();

	/**
	 * Draws a job.
	 * @param random where from
	 * @return the job
	 */
	static Life draw(Random random) {
		String key = "k" + random.nextInt(6);
		long seed = random.nextLong();
		return switch (random.nextInt(12)) {
			case 0, 1, 2, 3, 4 -> new Plain(key, seed);
			case 5, 6 -> new Effect(key, seed);
			case 7 -> new Two(key, seed);
			case 8 -> new TwoEffect(key, seed);
			case 9 -> new Line(key, seed);
			case 10 -> new Rated(key, seed);
			default -> new Fused(key, seed);
		};
	}

	/**
	 * Has nothing to do with others.
	 */
	record Plain(String key, long seed) implements Life {
	}

	/**
	 * What another job enqueues.
	 */
	record Child(String key, long seed) implements Life {
	}

	/**
	 * Has an effect in its transaction.
	 */
	record Effect(String key, long seed) implements Life {
	}

	/**
	 * Runs beside one other of its key.
	 */
	record Two(String key, long seed) implements Life {
	}

	/**
	 * Runs beside one other of its key, with an effect in its transaction.
	 */
	record TwoEffect(String key, long seed) implements Life {
	}

	/**
	 * Runs in order.
	 */
	record Line(String key, long seed) implements Life {
	}

	/**
	 * Has a rate.
	 */
	record Rated(String key, long seed) implements Life {
	}

	/**
	 * Has a circuit breaker.
	 */
	record Fused(String key, long seed) implements Life {
	}

}
