package io.jobstarter.rehearsal;

import java.time.Duration;

/**
 * What is rehearsed.
 *
 * @param url the database of both nodes
 * @param jobs how many jobs are enqueued when the outage begins
 * @param outage how long it lasts
 * @param open how long an open circuit waits before it is probed
 * @param patience how long to wait for the last job after the outage
 */
record Scenario(String url, int jobs, Duration outage, Duration open, Duration patience) {

	static final int NODES = 2;

}
