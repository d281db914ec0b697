package io.jobstarter.autoconfigure.actuate;

import java.util.List;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterState;
import io.jobstarter.DeadReason;
import io.jobstarter.JobId;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPage;
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
 * Shows dead letters and deals with them: {@code GET /actuator/deadletters} lists those
 * that are open, {@code GET /actuator/deadletters/groups} groups them, {@code GET
 * /actuator/deadletters/{id}} shows one with all its attempts and notes, and {@code POST
 * /actuator/deadletters/{id}} retries it, discards it or adds a note. {@code POST
 * /actuator/deadletters/redrives} redrives those that a filter meets, {@code GET
 * /actuator/deadletters/redrives} lists redrives, and {@code POST
 * /actuator/deadletters/redrives/{id}} cancels or resumes one. What changes something is
 * there where {@code management.endpoint.deadletters.access} is {@code unrestricted}.
 * <p>
 * Its {@code @Nullable} is Spring's: Actuator takes parameters that carry another for
 * mandatory.
 */
@Endpoint(id = "deadletters", defaultAccess = Access.READ_ONLY)
public class DeadLettersEndpoint {

	private static final String GROUPS = "groups";

	private static final String REDRIVES = "redrives";

	private final JobOperations operations;

	private final PayloadMask mask;

	private final RedriveOperations redrives;

	/**
	 * Makes the endpoint.
	 * @param operations finds dead letters
	 * @param mask hides payloads and headers
	 */
	public DeadLettersEndpoint(JobOperations operations, PayloadMask mask) {
		this.operations = operations;
		this.mask = mask;
		this.redrives = new RedriveOperations(operations);
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
	public PageView<DeadLetterView> deadLetters(SecurityContext securityContext, @Nullable String open,
			@Nullable String name, @Nullable String queue, @Nullable String reason, @Nullable String fingerprint,
			@Nullable String before, @Nullable String limit) {
		Boolean isOpen = PageParameters.flag("open", open);
		DeadLetterFilter filter = new DeadLetterFilter(PageParameters.name(name), PageParameters.queue(queue),
				PageParameters.constant("reason", DeadReason.class, reason), (isOpen != null) ? isOpen : true)
			.withFingerprint(PageParameters.fingerprint(fingerprint));
		JobPage<DeadLetter> page = this.operations.deadLetters(filter, PageParameters.before(before),
				PageParameters.limit(limit));
		Shown shown = this.mask.shownTo(securityContext);
		return PageView.of(page, (letter) -> DeadLetterView.of(letter, shown));
	}

	/**
	 * Shows one dead letter, the groups of those that are open, or the redrives by
	 * filter.
	 * @param securityContext who asks
	 * @param id the id of the job that died, {@code groups} or {@code redrives}
	 * @param before only redrives with a smaller id
	 * @param limit how many redrives at most, 50 by default and 200 at most
	 * @return the dead letter, the groups or the redrives
	 */
	@ReadOperation
	public OperationResponseBody deadLetter(SecurityContext securityContext, @Selector String id,
			@Nullable String before, @Nullable String limit) {
		if (REDRIVES.equals(id)) {
			return this.redrives.list(before, limit);
		}
		PageParameters.refuse("before and limit go with lists", before, limit);
		Shown shown = this.mask.shownTo(securityContext);
		return GROUPS.equals(id) ? groups(shown) : details(PageParameters.id(id), shown);
	}

	private DeadLetterGroups groups(Shown shown) {
		return new DeadLetterGroups(this.operations.deadLetterGroups(JobOperations.MAX_PAGE_SIZE)
			.stream()
			.map((group) -> DeadLetterGroupView.of(group, shown))
			.toList());
	}

	private DeadLetterDetails details(JobId id, Shown shown) {
		return this.operations.deadLetter(id)
			.map((letter) -> new DeadLetterDetails(DeadLetterView.of(letter, shown),
					this.operations.failures(id).stream().map((failure) -> FailureView.of(failure, shown)).toList(),
					this.operations.notes(id).stream().map(DeadLetterNoteView::of).toList()))
			.orElseThrow(() -> new JobNotFoundException(id));
	}

	/**
	 * Shows one redrive by filter.
	 * @param kind {@code redrives}
	 * @param id its id
	 * @return the redrive
	 */
	@ReadOperation
	public RedriveView redrive(@Selector String kind, @Selector String id) {
		return this.redrives.find(redriveId(kind, id));
	}

	/**
	 * Retries or discards one dead letter, adds a note to it, or begins a redrive of
	 * those that a filter meets.
	 * @param securityContext who asks
	 * @param id the id of the job that died, or {@code redrives}
	 * @param action {@code retry}, {@code discard} or {@code note}
	 * @param text the note
	 * @param why why
	 * @param name redrives only this job name
	 * @param queue redrives only this queue
	 * @param reason redrives only what died for this reason
	 * @param fingerprint redrives only this kind of failure
	 * @param errorClass redrives only what died of this exception
	 * @param tag redrives only what has this tag
	 * @param diedFrom redrives only what died then or later
	 * @param diedBefore redrives only what died earlier
	 * @param dryRun whether only to count what would be redriven
	 * @param perSecond how many jobs a second
	 * @param over the time over which to spread them, instead
	 * @param canary how many jobs go first; 0 for none
	 * @param canaryRequired how many of these have to succeed
	 * @return what was done
	 */
	@WriteOperation
	public ChangeView change(SecurityContext securityContext, @Selector String id, @Nullable String action,
			@Nullable String text, @Nullable String why, @Nullable String name, @Nullable String queue,
			@Nullable String reason, @Nullable String fingerprint, @Nullable String errorClass, @Nullable String tag,
			@Nullable String diedFrom, @Nullable String diedBefore, @Nullable String dryRun, @Nullable String perSecond,
			@Nullable String over, @Nullable String canary, @Nullable String canaryRequired) {
		Audit audit = Operator.audit(securityContext, why);
		if (REDRIVES.equals(id)) {
			PageParameters.refuse("action and text go with one dead letter", action, text);
			return this.redrives.start(
					RedriveParameters.filter(name, queue, reason, fingerprint, errorClass, tag, diedFrom, diedBefore),
					new RedriveParameters(perSecond, over, canary, canaryRequired),
					PageParameters.flag("dryRun", dryRun), audit);
		}
		PageParameters.refuse("A filter and what goes with it go with redrives", name, queue, reason, fingerprint,
				errorClass, tag, diedFrom, diedBefore, dryRun, perSecond, over, canary, canaryRequired);
		return change(PageParameters.id(id), PageParameters.action(Action.class, action), text, audit);
	}

	private ChangeView change(JobId id, Action action, @Nullable String text, Audit audit) {
		DeadLetter letter = this.operations.deadLetter(id).orElseThrow(() -> new JobNotFoundException(id));
		if (action == Action.NOTE) {
			this.operations.addNote(letter.id(), PageParameters.required("text", text), audit);
			return ChangeView.DONE;
		}
		PageParameters.refuse("text goes with note", text);
		if (action == Action.RETRY) {
			return ChangeView.job(this.operations.retry(letter.id(), audit).value());
		}
		this.operations.discard(letter.id(), audit);
		return ChangeView.state(DeadLetterState.DISCARDED);
	}

	/**
	 * Cancels or resumes one redrive by filter.
	 * @param securityContext who asks
	 * @param kind {@code redrives}
	 * @param id its id
	 * @param action {@code cancel} or {@code resume}
	 * @param canary {@code false} to resume it without another canary
	 * @param why why
	 * @return what was done
	 */
	@WriteOperation
	public ChangeView changeRedrive(SecurityContext securityContext, @Selector String kind, @Selector String id,
			@Nullable String action, @Nullable String canary, @Nullable String why) {
		return this.redrives.change(redriveId(kind, id), action, canary, Operator.audit(securityContext, why));
	}

	private static long redriveId(String kind, String id) {
		if (!REDRIVES.equals(kind)) {
			throw new NotThereException("There are redrives/{id} here, and nothing else");
		}
		return PageParameters.required("id", PageParameters.number("id", id));
	}

	private enum Action {

		RETRY, DISCARD, NOTE

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
