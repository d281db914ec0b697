package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Health;
import io.jobstarter.autoconfigure.DatabaseState;
import io.jobstarter.autoconfigure.NodeThreads;
import io.jobstarter.support.SupervisedLoop.Condition;
import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.ServedQueues;
import io.jobstarter.worker.WorkerHealth;
import io.jobstarter.worker.WorkerSettings;
import org.jspecify.annotations.Nullable;

/**
 * Looks how a node does that runs jobs. Answers at once, without I/O: what it says of the
 * database, the node's own threads have found out.
 */
public final class BackgroundJobHealthCheck {

	private final JobWorker worker;

	private final NodeThreads threads;

	private final DatabaseState database;

	private final RememberedQueues queues;

	private final ServedQueues served;

	private final Backlogs backlogs;

	private final String backlogStatus;

	private final InstantSource clock;

	BackgroundJobHealthCheck(Node node, RememberedQueues queues, Health settings, InstantSource clock) {
		this.worker = node.worker();
		this.threads = node.threads();
		this.database = node.database();
		this.queues = queues;
		this.served = node.settings().served();
		this.backlogs = new Backlogs(settings, this.served);
		this.backlogStatus = settings.backlogStatus().name();
		this.clock = clock;
	}

	/**
	 * Looks.
	 * @return how the node does
	 */
	public BackgroundJobHealth check() {
		WorkerHealth health = this.worker.health();
		RememberedQueues.Seen seen = this.queues.seen();
		Map<String, String> backlogs = (seen != null) ? this.backlogs.above(seen.queues(), seen.at()) : Map.of();
		Map<String, Object> details = new LinkedHashMap<>();
		String waitingFor = this.database.waitingFor();
		if (waitingFor != null) {
			details.put("waitingFor", waitingFor);
		}
		describe(health, details);
		details.put("queues", queues(health.entries(), seen));
		if (!backlogs.isEmpty()) {
			details.put("backlogs", backlogs);
		}
		boolean up = health.leased() && this.threads.needed().stream().allMatch(BackgroundJobHealthCheck::isWell)
				&& this.threads.helpful().stream().allMatch(Condition::alive);
		return new BackgroundJobHealth(!up ? "DOWN" : backlogs.isEmpty() ? "UP" : this.backlogStatus, details);
	}

	private void describe(WorkerHealth health, Map<String, Object> details) {
		details.put("worker", health.id());
		details.put("leaseHeld", health.leased());
		if (health.leased()) {
			details.put("leaseHeldUntil",
					this.clock.instant().plus(health.leaseLeft()).truncatedTo(ChronoUnit.SECONDS).toString());
		}
		details.put("slots", health.slots());
		details.put("usedSlots", health.usedSlots());
		details.put("stuck", health.stuck());
		details.put("wakeUp", health.announced() ? "announced" : "polling");
		Map<String, String> loops = new TreeMap<>();
		this.threads.all().forEach((condition) -> loops.put(condition.name(), describe(condition)));
		details.put("loops", loops);
	}

	private static boolean isWell(Condition condition) {
		return condition.alive() && condition.failuresInARow() == 0;
	}

	// Not the error's message: it may hold what only operators should see.
	private static String describe(Condition condition) {
		if (!condition.alive()) {
			return "dead";
		}
		return (condition.failuresInARow() == 0) ? "well" : "failing, " + condition.failuresInARow() + " in a row";
	}

	private Map<String, Object> queues(List<WorkerHealth.Entry> entries, RememberedQueues.@Nullable Seen seen) {
		Map<String, Object> queues = new LinkedHashMap<>();
		for (WorkerHealth.Entry entry : entries) {
			Map<String, Object> queue = new LinkedHashMap<>();
			queue.put("concurrency", entry.concurrency());
			queue.put("running", entry.running());
			if (seen != null) {
				describe(of(entry.name(), seen.queues()), seen.at(), queue);
			}
			queues.put(entry.name(), queue);
		}
		return queues;
	}

	private List<QueueInfo> of(String entry, List<QueueInfo> queues) {
		return queues.stream()
			.filter((queue) -> this.served.entryOf(queue.name()).filter(entry::equals).isPresent())
			.toList();
	}

	private static void describe(List<QueueInfo> queues, Instant at, Map<String, Object> details) {
		details.put("paused", queues.stream().filter(QueueInfo::isPaused).map(QueueInfo::name).sorted().toList());
		details.put("ready",
				queues.stream().mapToLong((queue) -> queue.depth().getOrDefault(JobState.READY, 0L)).sum());
		details.put("oldestSeconds",
				queues.stream().mapToLong((queue) -> Backlogs.age(queue, at).toSeconds()).max().orElse(0));
		details.put("seenAt", at.truncatedTo(ChronoUnit.SECONDS).toString());
	}

	/**
	 * A node that runs jobs.
	 *
	 * @param worker its worker
	 * @param settings the worker's settings
	 * @param threads its threads
	 * @param database what it knows of its database
	 */
	record Node(JobWorker worker, WorkerSettings settings, NodeThreads threads, DatabaseState database) {
	}

}
