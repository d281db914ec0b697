package io.jobstarter.autoconfigure.actuate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.jobstarter.autoconfigure.Contexts;
import io.jobstarter.autoconfigure.Greetings;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * An application with a web server, asked over HTTP.
 */
final class HttpApplication implements AutoCloseable {

	private final HttpClient http = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private final String root;

	private HttpApplication(ConfigurableApplicationContext context) {
		this.context = context;
		this.root = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/actuator/";
	}

	/**
	 * Starts an application with all of Boot's auto-configuration.
	 * @param properties its settings
	 * @return the application, which runs
	 */
	static HttpApplication start(String... properties) {
		return start(Application.class, properties);
	}

	/**
	 * Starts an application.
	 * @param application what it consists of
	 * @param properties its settings
	 * @return the application, which runs
	 */
	static HttpApplication start(Class<?> application, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("server.port=0", "spring.main.banner-mode=off",
				"spring.jmx.enabled=false", "spring.datasource.hikari.maximum-pool-size=4",
				"server.error.include-message=always", "logging.level.org.springframework.web.servlet.mvc.support=off",
				"management.endpoints.web.exposure.include=*", "management.endpoint.health.show-details=always",
				"management.endpoint.health.probes.enabled=true"));
		arguments.addAll(List.of(Contexts.IN_A_HURRY));
		arguments.addAll(List.of(properties));
		return new HttpApplication(new SpringApplicationBuilder(application).logStartupInfo(false)
			.properties(arguments.toArray(String[]::new))
			.run());
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	Answer get(String path) {
		return send(HttpRequest.newBuilder(URI.create(this.root + path)).GET());
	}

	Answer getAs(String user, String path) {
		return send(HttpRequest.newBuilder(URI.create(this.root + path)).header("X-User", user).GET());
	}

	Answer send(String method, String path) {
		return send(HttpRequest.newBuilder(URI.create(this.root + path))
			.method(method, BodyPublishers.ofString("{}"))
			.header("Content-Type", "application/json"));
	}

	Answer post(String path, String json) {
		return send("POST", path, json);
	}

	Answer send(String method, String path, String json, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.root + path))
			.method(method, BodyPublishers.ofString(json))
			.header("Accept", "application/json")
			.header("Content-Type", "application/json");
		for (int i = 0; i < headers.length; i += 2) {
			request.setHeader(headers[i], headers[i + 1]);
		}
		return send(request);
	}

	@Override
	public void close() {
		this.context.close();
	}

	private Answer send(HttpRequest.Builder request) {
		try {
			HttpResponse<String> response = this.http.send(request.build(), BodyHandlers.ofString());
			return new Answer(response.statusCode(), response.body(),
					response.headers().firstValue("Content-Type").orElse(""));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What came back.
	 *
	 * @param status the status code
	 * @param body the body
	 * @param type the type of the body
	 */
	record Answer(int status, String body, String type) {

		<T> T json(String path) {
			return JsonPath.read(this.body, path);
		}

		long number(String path) {
			return ((Number) json(path)).longValue();
		}

	}

	@Configuration(proxyBeanMethods = false)
	// Spring Security is on the class path for the tests that want it.
	@EnableAutoConfiguration(excludeName = {
			"org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
			"org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
			"org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration" })
	@Import(Greetings.class)
	static class Application {

		// Stands for the application's security: whoever names himself is let in.
		@Bean
		Filter userFilter() {
			return (request, response, chain) -> {
				String user = ((HttpServletRequest) request).getHeader("X-User");
				chain.doFilter((user != null) ? new UserRequest((HttpServletRequest) request, user) : request,
						response);
			};
		}

	}

	private static final class UserRequest extends HttpServletRequestWrapper {

		private final String user;

		UserRequest(HttpServletRequest request, String user) {
			super(request);
			this.user = user;
		}

		@Override
		public Principal getUserPrincipal() {
			return () -> this.user;
		}

		@Override
		public boolean isUserInRole(String role) {
			return this.user.equals(role);
		}

	}

}
