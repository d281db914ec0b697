package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobQueue;
import io.jobstarter.worker.ServedQueues;
import io.jobstarter.worker.WorkerSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Warns of queues that handlers of this application lead to and this node does not serve:
 * that may be meant so, but otherwise their jobs wait for ever.
 */
final class UnservedQueues {

	private static final Log logger = LogFactory.getLog(UnservedQueues.class);

	private static final String REMEDY = " under background-jobs.queues, here or on another node";

	private final List<JobDefinition> handlers;

	private final WorkerSettings settings;

	UnservedQueues(HandlerRegistry handlers, WorkerSettings settings) {
		this.handlers = handlers.definitions();
		this.settings = settings;
	}

	/**
	 * Writes the warnings.
	 * @param configured whether the configuration lists queues, rather than the handlers
	 */
	void warn(boolean configured) {
		ServedQueues served = this.settings.served();
		String names = this.handlers.stream()
			.map(JobDefinition::queue)
			.filter((queue) -> queue.isFixed() && !served.serves(queue.toString()))
			.map(JobQueue::toString)
			.distinct()
			.sorted()
			.collect(Collectors.joining(", "));
		if (!names.isEmpty()) {
			logger.warn("Handlers name queues that this node does not serve: " + names + ". Add them" + REMEDY);
		}
		this.handlers.stream()
			.filter((handler) -> !handler.queue().isFixed())
			.filter((handler) -> !configured || !served.mayServe(handler.queue().beginning()))
			.forEach(this::warnOf);
	}

	private void warnOf(JobDefinition handler) {
		logger.warn("The queue of " + handler.name() + " depends on its payload: " + handler.queue()
				+ ". This node serves only " + String.join(", ", this.settings.queues().keySet())
				+ ". Add what it leads to, such as \"[" + handler.queue().beginning() + "*]\"," + REMEDY);
	}

}
