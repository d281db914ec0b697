package io.jobstarter.autoconfigure.actuate;

import java.util.Map;

import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * What the path of the present request names. Spring Boot lets the query and the body
 * replace it, and hands on what comes of that: rules of access by path would be passed
 * by, and another job changed than the one in the URL.
 */
final class PathVariables {

	private static final boolean KNOWN = ClassUtils.isPresent(
			"org.springframework.web.context.request.RequestContextHolder", PathVariables.class.getClassLoader());

	// Of HandlerMapping, which not every application has.
	private static final String ATTRIBUTE = "org.springframework.web.servlet.HandlerMapping.uriTemplateVariables";

	private PathVariables() {
	}

	/**
	 * Tells what the path names.
	 * @return the names and their values; empty where no servlet serves the request
	 */
	static Map<?, ?> present() {
		return KNOWN ? Servlet.variables() : Map.of();
	}

	/**
	 * Knows requests of Spring MVC.
	 */
	private static final class Servlet {

		static Map<?, ?> variables() {
			RequestAttributes request = RequestContextHolder.getRequestAttributes();
			Object variables = (request != null) ? request.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST)
					: null;
			return (variables instanceof Map<?, ?> map) ? map : Map.of();
		}

	}

}
