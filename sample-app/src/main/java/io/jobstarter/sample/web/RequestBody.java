package io.jobstarter.sample.web;

import java.io.IOException;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.util.unit.DataSize;

/**
 * Reads a request's body up to a limit. Spring's own {@code byte[]} argument would read
 * whatever a stranger sends into memory.
 */
public final class RequestBody {

	private RequestBody() {
	}

	/**
	 * Reads the whole body.
	 * @param request the request
	 * @param limit the most that is read
	 * @return the raw bytes
	 * @throws RequestRefused if there are more (413), or they break off (400)
	 */
	public static byte[] read(HttpServletRequest request, DataSize limit) {
		int max = Math.toIntExact(limit.toBytes());
		if (request.getContentLengthLong() > max) {
			throw tooLarge(max);
		}
		byte[] body = readAtMost(request, max + 1);
		if (body.length > max) {
			throw tooLarge(max);
		}
		return body;
	}

	private static byte[] readAtMost(HttpServletRequest request, int length) {
		try {
			return request.getInputStream().readNBytes(length);
		}
		catch (IOException ex) {
			throw RequestRefused.badRequest("The body broke off, or is not encoded as its headers say.");
		}
	}

	private static RequestRefused tooLarge(int max) {
		return RequestRefused.tooLarge("The body is larger than " + max + " bytes.");
	}

}
