package io.jobstarter.autoconfigure.actuate;

import java.security.Principal;

import io.jobstarter.Audit;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;

/**
 * Who calls an endpoint.
 */
final class Operator {

	private static final int MAX_NAME = 200;

	private Operator() {
	}

	/**
	 * Says who calls and why.
	 * @param securityContext knows who calls, if anybody does
	 * @param why why, as the caller says
	 * @return the audit; without a name where the server knows none
	 */
	static Audit audit(SecurityContext securityContext, @Nullable String why) {
		Principal principal = securityContext.getPrincipal();
		String name = (principal != null) ? principal.getName() : null;
		return new Audit((name != null && !name.isEmpty()) ? CleanText.storable(name, MAX_NAME) : null,
				(why != null && !why.isBlank()) ? why : null);
	}

}
