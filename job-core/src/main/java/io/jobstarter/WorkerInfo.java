package io.jobstarter;

import java.time.Instant;

/**
 * A worker as operators see it: one process that runs jobs.
 *
 * @param id its id, drawn anew at every start
 * @param host the host that it said it runs on
 * @param pid its process id there
 * @param startedAt when it registered
 * @param lastSeenAt when its last heartbeat arrived
 * @param expiresAt when its lease ends
 * @param stopping whether it has said that it is shutting down
 * @param dead whether its lease has ended and its jobs are being recovered
 */
public record WorkerInfo(long id, String host, long pid, Instant startedAt, Instant lastSeenAt, Instant expiresAt,
		boolean stopping, boolean dead) {
}
