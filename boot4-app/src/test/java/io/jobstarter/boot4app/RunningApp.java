package io.jobstarter.boot4app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;

import org.springframework.boot.Banner.Mode;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application, whose worker is in a hurry.
 *
 * @param context its beans
 */
record RunningApp(ConfigurableApplicationContext context) implements AutoCloseable {

	static RunningApp onTheWeb(OwnDatabase database) {
		return start(WebApplicationType.SERVLET, database);
	}

	static RunningApp start(OwnDatabase database, String... properties) {
		return start(WebApplicationType.NONE, database, properties);
	}

	// Arguments go before the application's own file.
	private static RunningApp start(WebApplicationType type, OwnDatabase database, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("spring.datasource.url=" + database.url(),
				"spring.datasource.username=" + database.user(), "spring.datasource.password=", "server.port=0",
				"background-jobs.worker.heartbeat=200ms", "background-jobs.worker.lease=10s",
				"background-jobs.worker.poll-interval=50ms", "management.tracing.sampling.probability=1"));
		arguments.addAll(List.of(properties));
		return new RunningApp(new SpringApplicationBuilder(Boot4Application.class).web(type)
			.registerShutdownHook(false)
			.logStartupInfo(false)
			.bannerMode(Mode.OFF)
			.run(arguments.stream().map((property) -> "--" + property).toArray(String[]::new)));
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	DocumentContext get(String path) {
		return JsonPath.parse(send(HttpRequest.newBuilder(uri(path))).body());
	}

	Reply post(String path, String json) {
		return send(HttpRequest.newBuilder(uri(path))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(json)));
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.context.getEnvironment().getProperty("local.server.port")
				+ "/actuator/" + path);
	}

	private static Reply send(HttpRequest.Builder request) {
		try {
			HttpResponse<String> response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
			return new Reply(response.statusCode(), response.body());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * What came back.
	 *
	 * @param status the status code
	 * @param body the body
	 */
	record Reply(int status, String body) {
	}

}
