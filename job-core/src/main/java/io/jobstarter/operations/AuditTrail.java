package io.jobstarter.operations;

import java.util.Map;

import io.jobstarter.Audit;
import io.jobstarter.OperatorAction;
import io.jobstarter.OperatorAction.Operation;
import io.jobstarter.support.AfterCommit;
import io.jobstarter.support.SafeEvents;

/**
 * Tells of what operators have changed, once it is committed.
 */
final class AuditTrail {

	private final SafeEvents events;

	AuditTrail(SafeEvents events) {
		this.events = events;
	}

	/**
	 * Tells of a change after the commit of the present transaction: to be called within
	 * it.
	 */
	void record(Operation operation, String target, Audit audit, long count, Map<String, String> details) {
		OperatorAction action = new OperatorAction(operation, target, audit, count, details);
		AfterCommit.run(() -> this.events.publish(action));
	}

	void record(Operation operation, String target, Audit audit, boolean changed) {
		record(operation, target, audit, changed ? 1 : 0, Map.of());
	}

}
