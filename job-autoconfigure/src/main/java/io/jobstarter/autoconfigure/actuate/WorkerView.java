package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;

import io.jobstarter.WorkerDeclaration;
import io.jobstarter.WorkerInfo;
import io.jobstarter.WorkerReport;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A worker as the endpoint shows it.
 *
 * @param id its id; text, since it has more digits than a number in JavaScript
 * @param state whether it lives
 * @param host the host that it said it runs on
 * @param pid its process id there
 * @param application what it belongs to and its version
 * @param startedAt when it registered
 * @param lastSeenAt when its last heartbeat arrived
 * @param expiresAt when its lease ends
 * @param serves what it serves; absent if it runs an earlier release
 * @param report what it is doing, as of its last heartbeat; absent if it runs an earlier
 * release
 */
public record WorkerView(String id, State state, String host, long pid, @Nullable String application, Instant startedAt,
		Instant lastSeenAt, Instant expiresAt, @Nullable WorkerDeclaration serves,
		@Nullable WorkerReport report) implements OperationResponseBody {

	static WorkerView of(WorkerInfo worker) {
		return new WorkerView(Long.toString(worker.id()), State.of(worker), worker.host(), worker.pid(),
				worker.application(), worker.startedAt(), worker.lastSeenAt(), worker.expiresAt(), worker.declaration(),
				worker.report());
	}

	/**
	 * Whether a worker lives.
	 */
	public enum State {

		/** Its lease is held. */
		ALIVE,

		/** It has said that it is shutting down. */
		STOPPING,

		/** Its lease has ended, and nobody has said yet that it is dead. */
		OVERDUE,

		/** Its lease has ended, and its jobs are being recovered. */
		DEAD;

		static State of(WorkerInfo worker) {
			if (worker.dead()) {
				return DEAD;
			}
			if (!worker.alive()) {
				return OVERDUE;
			}
			return worker.takesJobs() ? ALIVE : STOPPING;
		}

	}

}
