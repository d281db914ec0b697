package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;
import java.util.List;

import io.jobstarter.Audit;
import io.jobstarter.RecurringConflict;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringJobs;
import io.jobstarter.support.Names;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.lang.Nullable;

/**
 * Shows recurring jobs and changes them: {@code GET /actuator/recurringjobs} lists them
 * with those that will collide, {@code GET /actuator/recurringjobs/{id}} shows one with
 * its next fires, and {@code POST /actuator/recurringjobs/{id}} pauses it, resumes it, or
 * runs it now, where {@code management.endpoint.recurringjobs.access} is
 * {@code unrestricted}.
 */
@Endpoint(id = "recurringjobs", defaultAccess = Access.READ_ONLY)
public class RecurringJobsEndpoint {

	private static final int FIRES = 10;

	private final RecurringJobs recurring;

	private final PayloadMask mask;

	/**
	 * Makes the endpoint.
	 * @param recurring finds and changes recurring jobs
	 * @param mask hides payloads
	 */
	public RecurringJobsEndpoint(RecurringJobs recurring, PayloadMask mask) {
		this.recurring = recurring;
		this.mask = mask;
	}

	/**
	 * Lists recurring jobs by id, and those that will collide within 24 hours.
	 * @param securityContext who asks
	 * @param after only ids that come after this one
	 * @param limit how many at most, 50 by default and 200 at most
	 * @return the page
	 */
	@ReadOperation
	public RecurringPage list(SecurityContext securityContext, @Nullable String after, @Nullable String limit) {
		int count = PageParameters.limit(limit);
		String last = (after != null && !after.isEmpty()) ? Names.recurring(after) : null;
		List<RecurringJob> jobs = this.recurring.list(last, count);
		PayloadMask.Shown shown = this.mask.shownTo(securityContext);
		return new RecurringPage(jobs.stream().map((job) -> RecurringView.of(job, shown)).toList(),
				(jobs.size() == count) ? jobs.get(count - 1).id() : null, this.recurring.conflicts());
	}

	/**
	 * Shows one recurring job.
	 * @param securityContext who asks
	 * @param id its id
	 * @return the recurring job with its next fires
	 */
	@ReadOperation
	public RecurringDetails one(SecurityContext securityContext, @Selector String id) {
		RecurringJob job = this.recurring.find(Names.recurring(id))
			.orElseThrow(() -> new NotThereException("There is no recurring job " + id));
		List<Instant> next = job.isActive() ? this.recurring.next(id, FIRES) : List.of();
		return new RecurringDetails(RecurringView.of(job, this.mask.shownTo(securityContext)), next);
	}

	/**
	 * Changes one recurring job.
	 * @param securityContext who asks
	 * @param id its id
	 * @param action {@code pause}, {@code resume} or {@code run}
	 * @param why why
	 * @return what was done
	 */
	@WriteOperation
	public ChangeView change(SecurityContext securityContext, @Selector String id, @Nullable String action,
			@Nullable String why) {
		Names.recurring(id);
		Audit audit = Operator.audit(securityContext, why);
		return switch (PageParameters.action(Action.class, action)) {
			case PAUSE -> {
				this.recurring.pause(id, audit);
				yield ChangeView.DONE;
			}
			case RESUME -> ChangeView.changed(this.recurring.resume(id, audit));
			case RUN -> ChangeView.job(this.recurring.runNow(id, audit).value());
		};
	}

	private enum Action {

		PAUSE, RESUME, RUN

	}

	/**
	 * One page of the list.
	 *
	 * @param items the recurring jobs
	 * @param next what to pass as {@code after} for the next page; absent on the last
	 * @param conflicts those that will collide within 24 hours
	 */
	public record RecurringPage(List<RecurringView> items, @Nullable String next,
			List<RecurringConflict> conflicts) implements OperationResponseBody {
	}

	/**
	 * One recurring job.
	 *
	 * @param recurring the recurring job
	 * @param nextFires its next fires, none if it is paused or retired
	 */
	public record RecurringDetails(RecurringView recurring, List<Instant> nextFires) implements OperationResponseBody {
	}

}
