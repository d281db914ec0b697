package io.jobstarter;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

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
 * @param alive whether its lease runs, by the clock of the database when this was read
 * @param application what it belongs to and its version, if it said so
 * @param declaration what it serves, or {@code null} if it did not say so: it runs an
 * earlier release
 * @param report what it is doing, or {@code null} if it has not said so yet, or runs an
 * earlier release
 */
public record WorkerInfo(long id, String host, long pid, Instant startedAt, Instant lastSeenAt, Instant expiresAt,
		boolean stopping, boolean dead, boolean alive, @Nullable String application,
		@Nullable WorkerDeclaration declaration, @Nullable WorkerReport report) {

	/**
	 * Tells whether it takes jobs.
	 * @return whether it lives and does not stop
	 */
	public boolean takesJobs() {
		return this.alive && !this.stopping && (this.report == null || !this.report.stopping());
	}

	/**
	 * Tells whether it said that it serves a queue.
	 * @param queue the queue's name
	 * @return whether it does; {@code false} also if it did not say what it serves
	 */
	public boolean serves(String queue) {
		return this.declaration != null && this.declaration.serves(queue);
	}

}
