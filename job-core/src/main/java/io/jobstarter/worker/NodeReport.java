package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.QueueLoad;
import io.jobstarter.ServedQueue;
import io.jobstarter.SettledCounts;
import io.jobstarter.WorkerDeclaration;
import io.jobstarter.WorkerReport;
import io.jobstarter.store.WorkerStore.WorkerRow;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import io.jobstarter.worker.WorkerSettings.Reserved;
import org.jspecify.annotations.Nullable;

/**
 * What this node tells others of itself: when it registers, and with each heartbeat. The
 * report is short however many queues there are, since it is written every few seconds.
 */
final class NodeReport {

	/** About how much text the queues of a report may take. */
	private static final int MOST_TEXT = 2_000;

	/** What stands beside the name of a queue, about. */
	private static final int TEXT_BESIDE_NAME = 48;

	private static final Comparator<Started> LONGEST_FIRST = Comparator.comparing(Started::ran).reversed();

	private static final Comparator<QueueLoad> BUSIEST_FIRST = Comparator
		.comparingLong((QueueLoad load) -> load.running() + load.ahead() + load.settled().total())
		.reversed()
		.thenComparing(QueueLoad::queue);

	private final WorkerSettings settings;

	private final Set<String> jobNames;

	private final @Nullable String application;

	private final Slots slots;

	private final Dispatcher dispatcher;

	private final RunningJobs running;

	private final SettledWindow settled = new SettledWindow(System.nanoTime());

	NodeReport(WorkerSettings settings, Set<String> jobNames, @Nullable String application, Slots slots,
			Dispatcher dispatcher, RunningJobs running) {
		this.settings = settings;
		this.jobNames = jobNames;
		this.application = application;
		this.slots = slots;
		this.dispatcher = dispatcher;
		this.running = running;
	}

	/**
	 * Counts an attempt.
	 * @param queue the queue of its job
	 * @param outcome how it ended
	 */
	void settled(String queue, JobOutcome outcome) {
		this.settled.count(queue, outcome);
	}

	/**
	 * Says what the node serves.
	 * @param identity under which id
	 * @return what it registers
	 */
	WorkerRow row(WorkerIdentity identity) {
		return new WorkerRow(identity.id(), NodeName.host(), ProcessHandle.current().pid(), this.application,
				declaration(), this.jobNames);
	}

	private WorkerDeclaration declaration() {
		List<ServedQueue> queues = this.settings.queues()
			.entrySet()
			.stream()
			.map((entry) -> served(entry.getKey(), entry.getValue()))
			.toList();
		return new WorkerDeclaration(queues, this.settings.queueOrder() == QueueOrder.STRICT, this.settings.slots());
	}

	private static ServedQueue served(String pattern, QueueSettings settings) {
		Reserved reserved = settings.reserved();
		return (reserved != null) ? new ServedQueue(pattern, settings.concurrency(), settings.weight(),
				reserved.slots(), reserved.below())
				: new ServedQueue(pattern, settings.concurrency(), settings.weight());
	}

	/**
	 * Says what the node is doing.
	 * @param stopping whether it takes no more jobs
	 * @return what goes with the heartbeat
	 */
	WorkerReport report(boolean stopping) {
		SettledWindow.Counted counted = this.settled.look(System.nanoTime());
		List<QueueLoad> loads = loads(counted.queues());
		List<QueueLoad> named = named(loads);
		int used = loads.stream().mapToInt(QueueLoad::running).sum();
		return new WorkerReport(this.slots.limit(), used, this.running.stuck(), stopping,
				this.dispatcher.quarantine().reservesSlots(), this.settled.sinceStart(), counted.window(), named,
				others(loads.subList(named.size(), loads.size())), this.slots.elastic());
	}

	/**
	 * Says that what an earlier identity of the node holds is its own no more: it takes
	 * no jobs, and what the node does is told by the present one.
	 * @return what goes with the heartbeat of the earlier one
	 */
	static WorkerReport retired() {
		return new WorkerReport(0, 0, 0, true, false, SettledCounts.NONE, Duration.ZERO, List.of(), null);
	}

	/**
	 * Counts the jobs that take a slot: their bodies run, or what became of them is being
	 * written.
	 * @return how many, by queue
	 */
	Map<String, Integer> usedByQueue() {
		return used(this.dispatcher.waitingByQueue());
	}

	private Map<String, Integer> used(Map<String, Integer> waiting) {
		Map<String, Integer> used = new HashMap<>(this.slots.heldByQueue());
		used.replaceAll((queue, held) -> Math.max(0, held - waiting.getOrDefault(queue, 0)));
		return used;
	}

	private List<QueueLoad> loads(Map<String, SettledCounts> settled) {
		Map<String, Integer> waiting = this.dispatcher.waitingByQueue();
		Map<String, Integer> used = used(waiting);
		Map<String, List<Started>> started = this.running.all()
			.stream()
			.filter(RunningJob::hasStarted)
			.map(Started::new)
			.collect(Collectors.groupingBy(Started::queue));
		Set<String> queues = new TreeSet<>(settled.keySet());
		queues.addAll(waiting.keySet());
		used.forEach((queue, count) -> {
			if (count > 0) {
				queues.add(queue);
			}
		});
		return queues.stream()
			.map((queue) -> load(queue, used.getOrDefault(queue, 0), waiting.getOrDefault(queue, 0),
					started.getOrDefault(queue, List.of()), settled.getOrDefault(queue, SettledCounts.NONE)))
			.sorted(BUSIEST_FIRST)
			.toList();
	}

	private static QueueLoad load(String queue, int used, int ahead, List<Started> started, SettledCounts settled) {
		List<Started> longest = started.stream().sorted(LONGEST_FIRST).limit(QueueLoad.MAX_LONGEST).toList();
		Duration longestFor = longest.isEmpty() ? Duration.ZERO : longest.get(0).ran();
		return new QueueLoad(queue, used, ahead, longest.stream().map(Started::id).toList(), longestFor, settled);
	}

	private static List<QueueLoad> named(List<QueueLoad> loads) {
		List<QueueLoad> named = new ArrayList<>();
		int text = 0;
		for (QueueLoad load : loads) {
			text += load.queue().length() + TEXT_BESIDE_NAME;
			if (text > MOST_TEXT || named.size() == WorkerReport.MAX_QUEUES) {
				break;
			}
			named.add(load);
		}
		return named;
	}

	private static @Nullable QueueLoad others(List<QueueLoad> others) {
		QueueLoad none = new QueueLoad("", 0, 0, List.of(), Duration.ZERO, SettledCounts.NONE);
		return others.isEmpty() ? null : others.stream().reduce(none, QueueLoad::plus);
	}

	/**
	 * A job whose body runs. How long it has run is asked once: a time that moves on
	 * cannot be sorted by.
	 *
	 * @param id its id
	 * @param queue its queue
	 * @param ran how long it has run
	 */
	private record Started(JobId id, String queue, Duration ran) {

		Started(RunningJob job) {
			this(new JobId(job.claimed().id()), job.queue(), job.ran());
		}

	}

}
