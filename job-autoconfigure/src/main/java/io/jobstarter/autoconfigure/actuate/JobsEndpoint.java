package io.jobstarter.autoconfigure.actuate;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.Audit;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.JobMoment;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPage;
import io.jobstarter.JobState;
import io.jobstarter.autoconfigure.actuate.PayloadMask.Shown;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.lang.Nullable;

/**
 * Shows jobs and changes them: {@code GET /actuator/jobs} lists them, newest first,
 * {@code GET /actuator/jobs/{id}} shows one with its failed attempts, {@code GET
 * /actuator/jobs/{id}/why} tells why it does not run, and {@code POST
 * /actuator/jobs/{id}} retries, cancels, discards or reschedules it, where
 * {@code management.endpoint.jobs.access} is {@code unrestricted}.
 * <p>
 * Its {@code @Nullable} is Spring's: Actuator takes parameters that carry another for
 * mandatory.
 */
@Endpoint(id = "jobs", defaultAccess = Access.READ_ONLY)
public class JobsEndpoint {

	private final JobOperations operations;

	private final PayloadMask mask;

	/**
	 * Makes the endpoint.
	 * @param operations finds jobs
	 * @param mask hides payloads and headers
	 */
	public JobsEndpoint(JobOperations operations, PayloadMask mask) {
		this.operations = operations;
		this.mask = mask;
	}

	/**
	 * Lists jobs, newest first.
	 * @param securityContext who asks
	 * @param state only these states, separated by commas
	 * @param name only this job name
	 * @param queue only this queue
	 * @param tag only this tag
	 * @param before only jobs with a smaller id
	 * @param limit how many at most, 50 by default and 200 at most
	 * @return the page
	 */
	@ReadOperation
	public PageView<JobView> jobs(SecurityContext securityContext, @Nullable String state, @Nullable String name,
			@Nullable String queue, @Nullable String tag, @Nullable String before, @Nullable String limit) {
		JobFilter filter = new JobFilter(states(state), PageParameters.name(name), PageParameters.queue(queue),
				PageParameters.tag(tag));
		JobPage<JobInfo> page = this.operations.find(filter, PageParameters.before(before),
				PageParameters.limit(limit));
		return PageView.of(page, (job) -> JobView.of(job, this.mask.shownTo(securityContext)));
	}

	/**
	 * Shows one job.
	 * @param securityContext who asks
	 * @param id the job's id
	 * @return the job
	 */
	@ReadOperation
	public JobDetails job(SecurityContext securityContext, @Selector String id) {
		JobId jobId = PageParameters.id(id);
		Shown shown = this.mask.shownTo(securityContext);
		return this.operations.find(jobId)
			.map((job) -> new JobDetails(JobView.of(job, shown),
					this.operations.failures(jobId).stream().map((failure) -> FailureView.of(failure, shown)).toList(),
					this.operations.timeline(jobId)))
			.orElseThrow(() -> new JobNotFoundException(jobId));
	}

	/**
	 * Changes one job.
	 * @param securityContext who asks
	 * @param id the job's id
	 * @param action {@code retry}, {@code cancel}, {@code discard} or {@code reschedule}
	 * @param at when it is to be due, to reschedule it
	 * @param why why
	 * @return what was done
	 */
	@WriteOperation
	public ChangeView change(SecurityContext securityContext, @Selector String id, @Nullable String action,
			@Nullable String at, @Nullable String why) {
		JobId jobId = PageParameters.id(id);
		Audit audit = Operator.audit(securityContext, why);
		Action chosen = PageParameters.action(Action.class, action);
		if (chosen == Action.RESCHEDULE) {
			this.operations.reschedule(jobId, PageParameters.required("at", PageParameters.instant("at", at)), audit);
			return ChangeView.DONE;
		}
		PageParameters.refuse("at goes with reschedule", at);
		return switch (chosen) {
			case RETRY -> ChangeView.job(this.operations.retry(jobId, audit).value());
			case CANCEL -> ChangeView.state(this.operations.cancel(jobId, audit));
			default -> {
				this.operations.discard(jobId, audit);
				yield ChangeView.state(JobState.DISCARDED);
			}
		};
	}

	/**
	 * Tells why a job does not run: {@code GET /actuator/jobs/{id}/why}.
	 * @param id the job's id
	 * @param question {@code why}
	 * @return the answer, or {@code null} for another question
	 */
	@ReadOperation
	public @Nullable DiagnosisView why(@Selector String id, @Selector String question) {
		if (!"why".equals(question)) {
			return null;
		}
		JobId jobId = PageParameters.id(id);
		return this.operations.why(jobId).map(DiagnosisView::of).orElseThrow(() -> new JobNotFoundException(jobId));
	}

	private static Set<JobState> states(@Nullable String state) {
		return PageParameters.words(state)
			.stream()
			.map((word) -> PageParameters.required("state", PageParameters.constant("state", JobState.class, word)))
			.collect(Collectors.toSet());
	}

	private enum Action {

		RETRY, CANCEL, DISCARD, RESCHEDULE

	}

	/**
	 * One job with what went wrong with it.
	 *
	 * @param job the job
	 * @param failures its failed attempts, oldest first
	 * @param timeline what happened to it, and what is to come
	 */
	public record JobDetails(JobView job, List<FailureView> failures,
			List<JobMoment> timeline) implements OperationResponseBody {
	}

}
