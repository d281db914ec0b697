package io.jobstarter.autoconfigure.actuate;

import java.util.stream.Stream;

import io.jobstarter.Audit;
import io.jobstarter.BreakerState;
import io.jobstarter.JobOperations;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.lang.Nullable;

/**
 * Shows circuit breakers and sets them: {@code GET /actuator/jobbreakers} lists those
 * that have opened or were set lately, and those that jobs wait for, {@code GET
 * /actuator/jobbreakers/{name}} shows one, and {@code POST /actuator/jobbreakers/{name}}
 * forces it open or closed or resets it, where
 * {@code management.endpoint.jobbreakers.access} is {@code unrestricted}. A name that
 * does not fit into a path is passed as {@code name} to {@code /actuator/jobbreakers}.
 */
@Endpoint(id = "jobbreakers", defaultAccess = Access.READ_ONLY)
public class JobBreakersEndpoint {

	private final JobOperations operations;

	/**
	 * Makes the endpoint.
	 * @param operations finds and sets circuit breakers
	 */
	public JobBreakersEndpoint(JobOperations operations) {
		this.operations = operations;
	}

	/**
	 * Lists circuit breakers by name.
	 * @param instance only those of this instance, whatever their keys
	 * @param state only this state
	 * @param after only names that come after this one
	 * @param limit how many at most, 50 by default and 200 at most
	 * @return the page
	 */
	@ReadOperation
	public NamedPage<BreakerView> breakers(@Nullable String instance, @Nullable String state, @Nullable String after,
			@Nullable String limit) {
		BreakerState only = PageParameters.constant("state", BreakerState.class, state);
		String of = PageParameters.instance(instance);
		Stream<BreakerView> breakers = this.operations.breakers()
			.stream()
			.map(BreakerView::of)
			.filter((breaker) -> only == null || breaker.state() == only)
			.filter((breaker) -> of == null || breaker.name().equals(of) || breaker.name().startsWith(of + ":"));
		return NamedPage.of(breakers, BreakerView::name, (after != null) ? PageParameters.breaker(after) : null,
				PageParameters.limit(limit));
	}

	/**
	 * Shows one circuit breaker.
	 * @param name its name
	 * @return the breaker
	 */
	@ReadOperation
	public BreakerView breaker(@Selector String name) {
		PageParameters.breaker(name);
		return this.operations.breakers()
			.stream()
			.filter((breaker) -> breaker.name().equals(name))
			.findFirst()
			.map(BreakerView::of)
			.orElseThrow(() -> new NotThereException(
					"There is no such circuit breaker, or it has been closed for long, and nothing waits for it"));
	}

	/**
	 * Sets one circuit breaker whatever its name.
	 * @param securityContext who asks
	 * @param name its name
	 * @param action {@code force-open}, {@code force-closed} or {@code reset}
	 * @param why why
	 * @return what was done
	 */
	@WriteOperation
	public ChangeView changeNamed(SecurityContext securityContext, @Nullable String name, @Nullable String action,
			@Nullable String why) {
		return change(securityContext, PageParameters.required("name", name), action, why);
	}

	/**
	 * Sets one circuit breaker.
	 * @param securityContext who asks
	 * @param name its name
	 * @param action {@code force-open}, {@code force-closed} or {@code reset}
	 * @param why why
	 * @return what was done
	 */
	@WriteOperation
	public ChangeView change(SecurityContext securityContext, @Selector String name, @Nullable String action,
			@Nullable String why) {
		Audit audit = Operator.audit(securityContext, why);
		switch (PageParameters.action(Action.class, action)) {
			case FORCE_OPEN -> this.operations.forceOpen(name, audit);
			case FORCE_CLOSED -> this.operations.forceClosed(name, audit);
			default -> {
				return ChangeView.changed(this.operations.resetBreaker(name, audit));
			}
		}
		return ChangeView.DONE;
	}

	private enum Action {

		FORCE_OPEN, FORCE_CLOSED, RESET

	}

}
