package io.jobstarter.circuit;

import java.time.Duration;

import io.jobstarter.BreakerState;

/**
 * The circuit breaker of one node: lets attempts through or not, counts how they end, and
 * turns by itself. The fleet turns it as well. Safe for many threads; never waits.
 */
public interface LocalBreaker {

	/**
	 * Asks for one attempt.
	 * @return whether it may begin; then it is to be told how the attempt ended
	 */
	boolean tryAcquire();

	/**
	 * Takes note that a permitted attempt says nothing about what it calls.
	 */
	void release();

	/**
	 * Takes note of an attempt that went well, though perhaps slowly.
	 * @param nanos how long it took
	 */
	void succeeded(long nanos);

	/**
	 * Takes note of an attempt that failed, which may be one of those that do not count.
	 * @param nanos how long it took
	 * @param error what was thrown
	 */
	void failed(long nanos, Throwable error);

	/**
	 * Tells what it lets through.
	 * @return its state
	 */
	BreakerState state();

	/**
	 * Closes it, with nothing counted.
	 */
	void close();

	/**
	 * Opens it. When that time has passed and nobody has said anything else, it probes by
	 * itself.
	 * @param hold how long it stays open
	 */
	void open(Duration hold);

	/**
	 * Lets it probe.
	 */
	void halfOpen();

	/**
	 * Lets nothing through, until somebody says otherwise.
	 */
	void forceOpen();

	/**
	 * Lets everything through and counts nothing, until somebody says otherwise.
	 */
	void forceClosed();

	/**
	 * Tells how long it is to stay open.
	 * @param openings how many times in a row it has opened, from 1
	 * @return how long
	 */
	Duration waitAfter(int openings);

	/**
	 * Tells how many attempts decide when it probes.
	 * @return how many
	 */
	int probes();

	/**
	 * Tells how many attempts have ended that count.
	 * @return how many
	 */
	int counted();

	/**
	 * Takes it out of wherever it is shown.
	 */
	void remove();

	/**
	 * Hears of turns.
	 */
	@FunctionalInterface
	interface Listener {

		/**
		 * The breaker has turned, by itself or since somebody told it to. Called in the
		 * thread in which that happened.
		 * @param to its state now
		 * @param why what it had counted, if it opened by itself
		 */
		void turned(BreakerState to, String why);

	}

}
