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

	/** In a hundred jobs, how many never succeed. */
	int DOOMED = 12;

	/** In a hundred jobs without permits, how many are long whenever they run. */
	int LONG = 10;

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
	 * Draws a job that never succeeds.
	 * @param random where from
	 * @return the job
	 */
	static Life drawDoomed(Random random) {
		return new Plain("k" + random.nextInt(6), 100L * random.nextInt());
	}

	/**
	 * Tells whether none of its attempts succeeds.
	 * @return whether it never does
	 */
	default boolean isDoomed() {
		return Math.floorMod(seed(), 100) < DOOMED;
	}

	/**
	 * Tells whether all of its attempts outlive a lease that ends meanwhile: the old one
	 * ends while the next one runs elsewhere.
	 * @return whether they do
	 */
	default boolean isLong() {
		return (this instanceof Rated || this instanceof Fused) && Math.floorMod(seed(), 100) >= 100 - LONG;
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
