package io.jobstarter.sample.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets only those through to {@link AdminOnly} methods who know the token.
 */
@Component
class AdminTokenInterceptor implements HandlerInterceptor {

	static final String HEADER = "X-Admin-Token";

	private final byte[] token;

	AdminTokenInterceptor(AdminProperties properties) {
		this.token = properties.adminToken().getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (handler instanceof HandlerMethod method && method.hasMethodAnnotation(AdminOnly.class)
				&& !isAdmin(request.getHeader(HEADER))) {
			throw RequestRefused.unauthorized("The header " + HEADER + " must hold the admin token.");
		}
		return true;
	}

	private boolean isAdmin(String presented) {
		return this.token.length > 0 && presented != null
				&& MessageDigest.isEqual(this.token, presented.getBytes(StandardCharsets.UTF_8));
	}

}
