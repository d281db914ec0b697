package io.jobstarter.sample.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A request that is answered with a problem detail (RFC 9457) and the status it carries.
 * Its text goes back to the caller: it never repeats what the caller sent.
 */
public final class RequestRefused extends ErrorResponseException {

	private RequestRefused(HttpStatus status, String detail) {
		super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
	}

	public static RequestRefused badRequest(String detail) {
		return new RequestRefused(HttpStatus.BAD_REQUEST, detail);
	}

	public static RequestRefused unauthorized(String detail) {
		return new RequestRefused(HttpStatus.UNAUTHORIZED, detail);
	}

	public static RequestRefused notFound(String detail) {
		return new RequestRefused(HttpStatus.NOT_FOUND, detail);
	}

	public static RequestRefused tooLarge(String detail) {
		return new RequestRefused(HttpStatus.PAYLOAD_TOO_LARGE, detail);
	}

}
