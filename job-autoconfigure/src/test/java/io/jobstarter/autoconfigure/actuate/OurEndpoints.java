package io.jobstarter.autoconfigure.actuate;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.boot.actuate.endpoint.annotation.DiscoveredEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * The endpoints of this project that an application has, and what can be asked of them:
 * found, not listed.
 */
final class OurEndpoints {

	private final HttpApplication application;

	OurEndpoints(HttpApplication application) {
		this.application = application;
	}

	/**
	 * Lists those that can be reached over HTTP.
	 * @return the endpoints, with the operations that their access allows
	 */
	List<ExposableWebEndpoint> exposed() {
		return this.application.bean(WebEndpointsSupplier.class)
			.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint instanceof DiscoveredEndpoint<?> found && isOurs(found.getEndpointBean()))
			.toList();
	}

	/**
	 * Lists the paths of all operations, of those too that their access forbids.
	 * @param targets what to name first in a path
	 * @param further what to name after that
	 * @return the paths below {@code /actuator/}
	 */
	List<String> paths(Collection<String> targets, Collection<String> further) {
		List<String> paths = new ArrayList<>();
		for (ExposableWebEndpoint endpoint : exposed()) {
			operations(endpoint).mapToLong((method) -> parameters(method, true).size())
				.distinct()
				.forEach((selectors) -> paths.addAll(paths(endpoint.getRootPath(), selectors, targets, further)));
		}
		return paths;
	}

	private static List<String> paths(String root, long selectors, Collection<String> targets,
			Collection<String> further) {
		List<String> paths = List.of(root);
		for (int i = 0; i < selectors; i++) {
			Collection<String> named = (i == 0) ? targets : further;
			paths = paths.stream().flatMap((path) -> named.stream().map((target) -> path + "/" + target)).toList();
		}
		return paths;
	}

	/**
	 * Lists the parameters of what is read without naming anything: filters, pages.
	 * @return such as {@code jobs?state=}
	 */
	List<String> filters() {
		List<String> filters = new ArrayList<>();
		for (ExposableWebEndpoint endpoint : exposed()) {
			operations(endpoint).filter((method) -> method.isAnnotationPresent(ReadOperation.class))
				.filter((method) -> parameters(method, true).isEmpty())
				.flatMap((method) -> parameters(method, false).stream())
				.forEach((name) -> filters.add(endpoint.getRootPath() + "?" + name + "="));
		}
		return filters;
	}

	private static Stream<Method> operations(ExposableWebEndpoint endpoint) {
		Object bean = ((DiscoveredEndpoint<?>) endpoint).getEndpointBean();
		return Arrays.stream(bean.getClass().getMethods())
			.filter((method) -> method.isAnnotationPresent(ReadOperation.class)
					|| method.isAnnotationPresent(WriteOperation.class));
	}

	private static List<String> parameters(Method method, boolean selectors) {
		return Arrays.stream(method.getParameters())
			.filter((parameter) -> parameter.getType() == String.class)
			.filter((parameter) -> parameter.isAnnotationPresent(Selector.class) == selectors)
			.map((parameter) -> parameter.getName())
			.toList();
	}

	static boolean isOurs(Object bean) {
		return bean.getClass().getName().startsWith("io.jobstarter.")
				&& AnnotatedElementUtils.hasAnnotation(bean.getClass(), Endpoint.class);
	}

}
