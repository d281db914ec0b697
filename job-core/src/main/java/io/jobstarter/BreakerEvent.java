package io.jobstarter;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What happened to a circuit breaker of the fleet, published as a Spring application
 * event once, on the node that changed it and after the change was committed. A listener
 * that fails is logged and changes nothing.
 */
public sealed interface BreakerEvent {

	/**
	 * The breaker concerned.
	 * @return its name
	 */
	String name();

	/**
	 * A breaker opened, or opened again since its probes failed.
	 *
	 * @param name its name
	 * @param reason what it counted
	 * @param delay how long it stays open before it is probed
	 * @param openings how many times in a row it has opened, from 1
	 */
	record Opened(String name, String reason, Duration delay, int openings) implements BreakerEvent {
	}

	/**
	 * A breaker closed, since its probes went well.
	 *
	 * @param name its name
	 */
	record Closed(String name) implements BreakerEvent {
	}

	/**
	 * An operator set a breaker, by {@link JobOperations#forceOpen},
	 * {@link JobOperations#forceClosed} or {@link JobOperations#resetBreaker}.
	 *
	 * @param name its name
	 * @param state its state from now on
	 * @param by who did it, as far as that is known
	 * @param reason why, if that was said
	 */
	record Changed(String name, BreakerState state, String by, @Nullable String reason) implements BreakerEvent {
	}

}
