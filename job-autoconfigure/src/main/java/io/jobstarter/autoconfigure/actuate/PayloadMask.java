package io.jobstarter.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.jobstarter.handler.PayloadMasker;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

/**
 * Hides the payloads and header values of jobs and what their errors say, which are the
 * application's data, from those who may see that there are jobs. The counterpart of
 * Boot's {@code show-values}. What is sensitive in a payload is hidden from everybody.
 *
 * @param showPayloads to whom payloads and header values are shown
 * @param showErrors to whom messages of errors are shown
 * @param roles who counts as authorized
 * @param masker knows what is sensitive
 */
public record PayloadMask(Show showPayloads, Show showErrors, Set<String> roles, PayloadMasker masker) {

	Shown shownTo(SecurityContext securityContext) {
		return new Shown(this.showPayloads.isShown(securityContext, this.roles),
				this.showErrors.isShown(securityContext, this.roles), this.masker);
	}

	/**
	 * What one caller sees.
	 *
	 * @param payloads whether payloads and header values are shown
	 * @param errors whether messages of errors are shown
	 * @param masker knows what is sensitive
	 */
	record Shown(boolean payloads, boolean errors, PayloadMasker masker) {

		@Nullable String payload(String jobName, @Nullable String payload) {
			if (payload == null) {
				return null;
			}
			return this.payloads ? this.masker.mask(jobName, payload) : PayloadMasker.MASK;
		}

		Map<String, String> headers(Map<String, String> headers) {
			if (this.payloads) {
				return this.masker.maskHeaders(headers);
			}
			Map<String, String> masked = new LinkedHashMap<>(headers);
			masked.replaceAll((name, value) -> PayloadMasker.MASK);
			return masked;
		}

		String message(String message) {
			return (this.errors || message.isEmpty()) ? message : PayloadMasker.MASK;
		}

		String stackTrace(String stackTrace) {
			return this.errors ? stackTrace : StackFrames.of(stackTrace);
		}

	}

}
