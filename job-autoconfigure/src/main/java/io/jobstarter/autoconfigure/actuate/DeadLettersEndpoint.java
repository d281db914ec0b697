package io.jobstarter.autoconfigure.actuate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPage;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.lang.Nullable;

/**
 * Shows dead letters: {@code GET /actuator/deadletters} lists those that are open,
 * {@code GET /actuator/deadletters/groups} groups them, and {@code GET
 * /actuator/deadletters/{id}} shows one with all its attempts and notes. Changes nothing.
 * <p>
 * Its {@code @Nullable} is Spring's: Actuator takes parameters that carry another for
 * mandatory.
 */
@Endpoint(id = "deadletters")
public class DeadLettersEndpoint {

	private static final String GROUPS = "groups";

	private final JobOperations operations;

	private final PayloadMask mask;

	/**
	 * Makes the endpoint.
	 * @param operations finds dead letters
	 * @param mask hides payloads and headers
	 */
	public DeadLettersEndpoint(JobOperations operations, PayloadMask mask) {
		this.operations = operations;
		this.mask = mask;
	}

	/**
	 * Lists dead letters, those of the newest jobs first.
	 * @param securityContext who asks
	 * @param open {@code true}, the default, for those that nobody has resolved,
	 * {@code false} for the others
	 * @param name only this job name
	 * @param queue only this queue
	 * @param reason only this reason
	 * @param fingerprint only this kind of failure
	 * @param before only jobs with a smaller id
	 * @param limit how many at most, 50 by default and 200 at most
	 * @return the page
	 */
	@ReadOperation
	public PageView<DeadLetterView> deadLetters(SecurityContext securityContext, @Nullable Boolean open,
			@Nullable String name, @Nullable String queue, @Nullable String reason, @Nullable String fingerprint,
			@Nullable String before, @Nullable Integer limit) {
		DeadLetterFilter filter = new DeadLetterFilter(PageParameters.text("name", name),
				PageParameters.text("queue", queue), reason(reason), (open != null) ? open : true)
			.withFingerprint(PageParameters.text("fingerprint", fingerprint));
		JobPage<DeadLetter> page = this.operations.deadLetters(filter, PageParameters.before(before),
				PageParameters.limit(limit));
		return PageView.of(page, (letter) -> DeadLetterView.of(letter, this.mask.shownTo(securityContext)));
	}

	/**
	 * Shows one dead letter, or the groups of those that are open.
	 * @param securityContext who asks
	 * @param id the id of the job that died, or {@code groups}
	 * @return the dead letter, or {@code null} for 404
	 */
	@ReadOperation
	public @Nullable OperationResponseBody deadLetter(SecurityContext securityContext, @Selector String id) {
		return GROUPS.equals(id) ? groups() : details(securityContext, id);
	}

	private DeadLetterGroups groups() {
		return new DeadLetterGroups(this.operations.deadLetterGroups(JobOperations.MAX_PAGE_SIZE)
			.stream()
			.map(DeadLetterGroupView::of)
			.toList());
	}

	private @Nullable DeadLetterDetails details(SecurityContext securityContext, String id) {
		JobId jobId = PageParameters.id(id);
		return this.operations.deadLetter(jobId)
			.map((letter) -> new DeadLetterDetails(DeadLetterView.of(letter, this.mask.shownTo(securityContext)),
					this.operations.failures(jobId).stream().map(FailureView::of).toList(),
					this.operations.notes(jobId).stream().map(DeadLetterNoteView::of).toList()))
			.orElse(null);
	}

	private static @Nullable DeadReason reason(@Nullable String reason) {
		if (reason == null || reason.isBlank()) {
			return null;
		}
		try {
			return DeadReason.valueOf(reason.strip().toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidEndpointRequestException("Unknown reason",
					"reason is one of " + Arrays.toString(DeadReason.values()));
		}
	}

	/**
	 * One dead letter with all its attempts.
	 *
	 * @param deadLetter the dead letter
	 * @param failures its failed attempts, oldest first
	 * @param notes what people wrote to it, oldest first
	 */
	public record DeadLetterDetails(DeadLetterView deadLetter, List<FailureView> failures,
			List<DeadLetterNoteView> notes) implements OperationResponseBody {
	}

	/**
	 * The groups of the open dead letters.
	 *
	 * @param groups the groups, the largest first
	 */
	public record DeadLetterGroups(List<DeadLetterGroupView> groups) implements OperationResponseBody {
	}

}
