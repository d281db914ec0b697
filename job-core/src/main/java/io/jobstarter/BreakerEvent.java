package io.jobstarter;

import java.time.Duration;

/**
 * What happened by itself to a circuit breaker of the fleet, published as a Spring
 * application event once, on the node that changed it and after the change was committed.
 * A listener that fails is logged and changes nothing.
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

}
