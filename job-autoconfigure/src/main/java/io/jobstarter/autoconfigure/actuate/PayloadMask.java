package io.jobstarter.autoconfigure.actuate;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

/**
 * Hides the payloads and header values of jobs, which are the application's data, from
 * those who may see that there are jobs. The counterpart of Boot's {@code show-values}.
 *
 * @param show to whom they are shown
 * @param roles who counts as authorized
 */
public record PayloadMask(Show show, Set<String> roles) {

	private static final String MASK = "******";

	Shown shownTo(SecurityContext securityContext) {
		return new Shown(this.show.isShown(securityContext, this.roles));
	}

	/**
	 * What one caller sees.
	 *
	 * @param clear whether payloads are shown
	 */
	record Shown(boolean clear) {

		@Nullable String payload(@Nullable String payload) {
			return (this.clear || payload == null) ? payload : MASK;
		}

		Map<String, String> headers(Map<String, String> headers) {
			return this.clear ? headers
					: headers.keySet().stream().collect(Collectors.toUnmodifiableMap((name) -> name, (name) -> MASK));
		}

	}

}
