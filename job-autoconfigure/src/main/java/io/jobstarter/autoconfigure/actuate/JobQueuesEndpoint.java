package io.jobstarter.autoconfigure.actuate;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.jobstarter.Audit;
import io.jobstarter.JobOperations;
import io.jobstarter.QueueInfo;
import io.jobstarter.QueueStatus;
import io.jobstarter.WorkerInfo;
import io.jobstarter.support.Names;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.lang.Nullable;

/**
 * Shows queues and changes them: {@code GET /actuator/jobqueues} lists them with their
 * depths, {@code GET /actuator/jobqueues/{name}} shows one, and {@code POST
 * /actuator/jobqueues/{name}} pauses it, resumes it, or sets how many of its jobs each
 * node, or all nodes together, run, where {@code management.endpoint.jobqueues.access} is
 * {@code unrestricted}.
 */
@Endpoint(id = "jobqueues", defaultAccess = Access.READ_ONLY)
public class JobQueuesEndpoint {

	private final JobOperations operations;

	private final Set<String> declared;

	/**
	 * Makes the endpoint.
	 * @param operations finds and changes queues
	 * @param declared names of queues to show even if they are empty; what is none, such
	 * as a wildcard, is left out
	 */
	public JobQueuesEndpoint(JobOperations operations, Set<String> declared) {
		this.operations = operations;
		this.declared = declared;
	}

	/**
	 * Lists queues by name.
	 * @param paused {@code true} for those that are paused, {@code false} for the others
	 * @param after only names that come after this one
	 * @param limit how many at most, 50 by default and 200 at most
	 * @return the page
	 */
	@ReadOperation
	public NamedPage<QueueView> queues(@Nullable String paused, @Nullable String after, @Nullable String limit) {
		Boolean isPaused = PageParameters.flag("paused", paused);
		Stream<QueueStatus> queues = all()
			.filter((status) -> isPaused == null || status.queue().isPaused() == isPaused);
		return NamedPage.of(queues.map(QueueView::of), QueueView::name, PageParameters.queue(after),
				PageParameters.limit(limit));
	}

	/**
	 * Shows one queue.
	 * @param name its name
	 * @return the queue
	 */
	@ReadOperation
	public QueueView queue(@Selector String name) {
		Names.queue(name);
		return all().filter((status) -> status.queue().name().equals(name))
			.findFirst()
			.map(QueueView::of)
			.orElseThrow(() -> new NotThereException(
					"Queue " + name + " holds no jobs, is not paused, and is not named in the settings of this node"));
	}

	private Stream<QueueStatus> all() {
		List<QueueStatus> known = this.operations.queueStatuses();
		Set<String> names = known.stream().map((status) -> status.queue().name()).collect(Collectors.toSet());
		List<String> empty = this.declared.stream()
			.filter((name) -> Names.isQueue(name) && !names.contains(name))
			.toList();
		return empty.isEmpty() ? known.stream() : Stream.concat(known.stream(), withoutJobs(empty));
	}

	private Stream<QueueStatus> withoutJobs(List<String> names) {
		List<WorkerInfo> workers = this.operations.workers();
		return names.stream()
			.map((name) -> new QueueInfo(name, Map.of(), null, null, null, null, null))
			.map((queue) -> QueueStatus.of(queue, workers));
	}

	/**
	 * Changes one queue.
	 * @param securityContext who asks
	 * @param name its name
	 * @param action {@code pause}, {@code resume}, {@code set-concurrency},
	 * {@code reset-concurrency}, {@code set-fleet-concurrency} or
	 * {@code reset-fleet-concurrency}
	 * @param perNode how many of its jobs each node runs at the same time
	 * @param overAll how many of its jobs all nodes together run at the same time
	 * @param why why
	 * @return what was done
	 */
	@WriteOperation
	public ChangeView change(SecurityContext securityContext, @Selector String name, @Nullable String action,
			@Nullable String perNode, @Nullable String overAll, @Nullable String why) {
		Names.queue(name);
		Audit audit = Operator.audit(securityContext, why);
		Action chosen = PageParameters.action(Action.class, action);
		if (chosen != Action.SET_FLEET_CONCURRENCY) {
			PageParameters.refuse("overAll goes with set-fleet-concurrency", overAll);
		}
		if (chosen == Action.SET_CONCURRENCY) {
			Integer jobs = PageParameters.required("perNode", PageParameters.smallNumber("perNode", perNode));
			this.operations.setConcurrency(name, jobs, audit);
			return ChangeView.DONE;
		}
		PageParameters.refuse("perNode goes with set-concurrency", perNode);
		return switch (chosen) {
			case SET_FLEET_CONCURRENCY -> {
				this.operations.setFleetConcurrency(name,
						PageParameters.required("overAll", PageParameters.smallNumber("overAll", overAll)), audit);
				yield ChangeView.DONE;
			}
			case RESET_FLEET_CONCURRENCY -> ChangeView.changed(this.operations.resetFleetConcurrency(name, audit));
			case RESUME -> ChangeView.changed(this.operations.resume(name, audit));
			case RESET_CONCURRENCY -> ChangeView.changed(this.operations.resetConcurrency(name, audit));
			default -> {
				this.operations.pause(name, audit);
				yield ChangeView.DONE;
			}
		};
	}

	private enum Action {

		PAUSE, RESUME, SET_CONCURRENCY, RESET_CONCURRENCY, SET_FLEET_CONCURRENCY, RESET_FLEET_CONCURRENCY

	}

}
