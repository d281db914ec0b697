package io.jobstarter.autoconfigure.actuate;

import java.util.stream.Stream;

import io.jobstarter.JobOperations;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.lang.Nullable;

/**
 * Shows workers: {@code GET /actuator/jobworkers} lists those that are alive, or whose
 * jobs are not recovered yet, and {@code GET /actuator/jobworkers/{id}} shows one.
 */
@Endpoint(id = "jobworkers", defaultAccess = Access.READ_ONLY)
public class JobWorkersEndpoint {

	private final JobOperations operations;

	/**
	 * Makes the endpoint.
	 * @param operations finds workers
	 */
	public JobWorkersEndpoint(JobOperations operations) {
		this.operations = operations;
	}

	/**
	 * Lists workers by id.
	 * @param state only this state: {@code alive}, {@code stopping}, {@code overdue} or
	 * {@code dead}
	 * @param after only ids that come after this one, as texts
	 * @param limit how many at most, 50 by default and 200 at most
	 * @return the page
	 */
	@ReadOperation
	public NamedPage<WorkerView> workers(@Nullable String state, @Nullable String after, @Nullable String limit) {
		WorkerView.State only = PageParameters.constant("state", WorkerView.State.class, state);
		Long last = PageParameters.number("after", after);
		Stream<WorkerView> workers = this.operations.workers()
			.stream()
			.map(WorkerView::of)
			.filter((worker) -> only == null || worker.state() == only);
		return NamedPage.of(workers, WorkerView::id, (last != null) ? last.toString() : null,
				PageParameters.limit(limit));
	}

	/**
	 * Shows one worker.
	 * @param id its id
	 * @return the worker
	 */
	@ReadOperation
	public WorkerView worker(@Selector String id) {
		long worker = PageParameters.required("id", PageParameters.number("id", id));
		return this.operations.workers()
			.stream()
			.filter((info) -> info.id() == worker)
			.findFirst()
			.map(WorkerView::of)
			.orElseThrow(() -> new NotThereException("There is no worker " + worker + ", or no longer"));
	}

}
