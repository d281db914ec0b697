package io.jobstarter.autoconfigure.actuate;

import java.util.List;

import io.jobstarter.Audit;
import io.jobstarter.JobLimits.KeyInfo;
import io.jobstarter.JobLimits.LimitInfo;
import io.jobstarter.JobOperations;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.lang.Nullable;

/**
 * Shows limits of jobs with the same key, and orders, and sets them:
 * {@code GET /actuator/joblimits} lists those in use, {@code GET
 * /actuator/joblimits/{name}} shows the keys of one, those that jobs wait for first, and
 * {@code POST /actuator/joblimits/{name}} sets or resets it, where
 * {@code management.endpoint.joblimits.access} is {@code unrestricted}.
 */
@Endpoint(id = "joblimits", defaultAccess = Access.READ_ONLY)
public class JobLimitsEndpoint {

	private final JobOperations operations;

	/**
	 * Makes the endpoint.
	 * @param operations shows and sets limits
	 */
	public JobLimitsEndpoint(JobOperations operations) {
		this.operations = operations;
	}

	/**
	 * Lists limits by name.
	 * @param after only names that come after this one
	 * @param limit how many at most, 50 by default and 200 at most
	 * @return the page
	 */
	@ReadOperation
	public NamedPage<LimitInfo> limits(@Nullable String after, @Nullable String limit) {
		return NamedPage.of(this.operations.limits().list().stream(), LimitInfo::name, PageParameters.name(after),
				PageParameters.limit(limit));
	}

	/**
	 * Shows the keys of one limit or order.
	 * @param name its name
	 * @param limit how many at most, 50 by default and 200 at most
	 * @return the keys
	 */
	@ReadOperation
	public Keys keys(@Selector String name, @Nullable String limit) {
		List<KeyInfo> keys = this.operations.limits().keys(name, PageParameters.limit(limit));
		if (keys.isEmpty()) {
			throw new NotThereException("There is no such limit or order, or no job has used it lately");
		}
		return new Keys(keys);
	}

	/**
	 * Sets one limit.
	 * @param securityContext who asks
	 * @param name its name
	 * @param action {@code set} or {@code reset}
	 * @param permits to how many jobs of a key
	 * @param why why
	 * @return what was done
	 */
	@WriteOperation
	public ChangeView change(SecurityContext securityContext, @Selector String name, @Nullable String action,
			@Nullable String permits, @Nullable String why) {
		Audit audit = Operator.audit(securityContext, why);
		if (PageParameters.action(Action.class, action) == Action.SET) {
			this.operations.limits()
				.set(name, PageParameters.required("permits", PageParameters.smallNumber("permits", permits)), audit);
			return ChangeView.DONE;
		}
		PageParameters.refuse("permits goes with set", permits);
		return ChangeView.changed(this.operations.limits().reset(name, audit));
	}

	private enum Action {

		SET, RESET

	}

	/**
	 * Keys of a limit.
	 *
	 * @param items the keys
	 */
	public record Keys(List<KeyInfo> items) implements OperationResponseBody {
	}

}
