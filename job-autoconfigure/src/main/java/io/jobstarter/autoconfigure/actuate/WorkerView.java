package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;

import io.jobstarter.WorkerInfo;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A worker as the endpoint shows it.
 *
 * @param id its id; text, since it has more digits than a number in JavaScript
 * @param state whether it lives
 * @param host the host that it said it runs on
 * @param pid its process id there
 * @param startedAt when it registered
 * @param lastSeenAt when its last heartbeat arrived
 * @param expiresAt when its lease ends
 */
public record WorkerView(String id, State state, String host, long pid, Instant startedAt, Instant lastSeenAt,
		Instant expiresAt) implements OperationResponseBody {

	static WorkerView of(WorkerInfo worker) {
		return new WorkerView(Long.toString(worker.id()), State.of(worker), worker.host(), worker.pid(),
				worker.startedAt(), worker.lastSeenAt(), worker.expiresAt());
	}

	/**
	 * Whether a worker lives.
	 */
	public enum State {

		/** Its lease is held. */
		ALIVE,

		/** It has said that it is shutting down. */
		STOPPING,

		/** Its lease has ended, and its jobs are being recovered. */
		DEAD;

		static State of(WorkerInfo worker) {
			if (worker.dead()) {
				return DEAD;
			}
			return worker.stopping() ? STOPPING : ALIVE;
		}

	}

}
