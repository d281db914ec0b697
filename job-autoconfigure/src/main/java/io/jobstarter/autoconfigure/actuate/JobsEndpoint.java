package io.jobstarter.autoconfigure.actuate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobMoment;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPage;
import io.jobstarter.JobState;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.lang.Nullable;

/**
 * Shows jobs: {@code GET /actuator/jobs} lists them, newest first, and {@code GET
 * /actuator/jobs/{id}} shows one with its failed attempts. {@code GET
 * /actuator/jobs/{id}/why} tells why it does not run. Changes nothing.
 * <p>
 * Its {@code @Nullable} is Spring's: Actuator takes parameters that carry another for
 * mandatory.
 */
@Endpoint(id = "jobs")
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
			@Nullable String queue, @Nullable String tag, @Nullable String before, @Nullable Integer limit) {
		JobFilter filter = new JobFilter(states(state), PageParameters.text("name", name),
				PageParameters.text("queue", queue), PageParameters.text("tag", tag));
		JobPage<JobInfo> page = this.operations.find(filter, PageParameters.before(before),
				PageParameters.limit(limit));
		return PageView.of(page, (job) -> JobView.of(job, this.mask.shownTo(securityContext)));
	}

	/**
	 * Shows one job.
	 * @param securityContext who asks
	 * @param id the job's id
	 * @return the job, or {@code null} for 404
	 */
	@ReadOperation
	public @Nullable JobDetails job(SecurityContext securityContext, @Selector String id) {
		JobId jobId = PageParameters.id(id);
		return this.operations.find(jobId)
			.map((job) -> new JobDetails(JobView.of(job, this.mask.shownTo(securityContext)),
					this.operations.failures(jobId).stream().map(FailureView::of).toList(),
					this.operations.timeline(jobId)))
			.orElse(null);
	}

	/**
	 * Tells why a job does not run: {@code GET /actuator/jobs/{id}/why}.
	 * @param id the job's id
	 * @param question {@code why}
	 * @return the answer, or {@code null} for 404
	 */
	@ReadOperation
	public @Nullable DiagnosisView why(@Selector String id, @Selector String question) {
		return "why".equals(question) ? this.operations.why(PageParameters.id(id)).map(DiagnosisView::of).orElse(null)
				: null;
	}

	private static Set<JobState> states(@Nullable String state) {
		if (state == null || state.isBlank()) {
			return Set.of();
		}
		try {
			return Arrays.stream(state.split(","))
				.map((name) -> JobState.valueOf(name.strip().toUpperCase(Locale.ROOT)))
				.collect(Collectors.toSet());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidEndpointRequestException("Unknown state",
					"state is one or more of " + Arrays.toString(JobState.values()));
		}
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
