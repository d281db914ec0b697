package io.jobstarter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What somebody changed by {@link JobOperations} or {@link DeadLetterRedrives}, published
 * as a Spring application event on the thread that did it, once it is committed. Nothing
 * is published of what was refused or rolled back. A listener that fails is logged and
 * changes nothing.
 *
 * @param operation what was done
 * @param target to what, such as {@code job 42} or {@code queue mailers}
 * @param audit who did it, as far as that is known, and why
 * @param count how many it changed: jobs, letters or settings; 0 if all was so already
 * @param details with which values, by name; never a payload
 */
public record OperatorAction(Operation operation, String target, Audit audit, long count, Map<String, String> details) {

	public OperatorAction {
		details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
	}

	/**
	 * What can be done.
	 */
	public enum Operation {

		/** A job was made ready at once, or a new one enqueued for a dead letter. */
		RETRY,

		/** A job was cancelled, or asked to end. */
		CANCEL,

		/** A waiting job or a dead letter was given up. */
		DISCARD,

		/** A waiting job was made due at another time. */
		RESCHEDULE,

		/** A note was added to a dead letter. */
		ADD_NOTE,

		/** Dead letters were redriven by their ids. */
		REDRIVE,

		/** A dead letter was redriven with another payload. */
		REDRIVE_CORRECTED,

		/** A redrive by filter began; the count is of the letters that it is to take. */
		START_REDRIVE,

		/** A redrive by filter was ended. */
		CANCEL_REDRIVE,

		/** A redrive by filter that had stopped goes on. */
		RESUME_REDRIVE,

		/** A queue was paused. */
		PAUSE,

		/** A queue was resumed. */
		RESUME,

		/** The concurrency of a queue was set. */
		SET_CONCURRENCY,

		/** The concurrency of a queue was left to the configuration again. */
		RESET_CONCURRENCY,

		/** It was set how many jobs of a key run at the same time. */
		SET_LIMIT,

		/** That was left to the code and the configuration again. */
		RESET_LIMIT,

		/** A circuit breaker was forced open. */
		FORCE_OPEN,

		/** A circuit breaker was forced closed. */
		FORCE_CLOSED,

		/** A circuit breaker was closed, and left to itself again. */
		RESET_BREAKER,

		/** A recurring job was made or changed. */
		PUT_RECURRING,

		/** A recurring job was removed. */
		REMOVE_RECURRING,

		/** A recurring job was paused. */
		PAUSE_RECURRING,

		/** A recurring job was resumed. */
		RESUME_RECURRING,

		/** A job of a recurring job was enqueued at once. */
		RUN_RECURRING

	}

}
