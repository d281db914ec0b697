package io.jobstarter.sample;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobstarter.sample.webhook.GithubSignature;

import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Calls the application as GitHub, or as an operator.
 */
@TestComponent
public class SampleClient {

	private static final ObjectMapper JSON = new ObjectMapper();

	private final HttpClient http = HttpClient.newHttpClient();

	private final GithubSignature signature;

	private final Environment environment;

	SampleClient(GithubSignature signature, Environment environment) {
		this.signature = signature;
		this.environment = environment;
	}

	/**
	 * The headers that GitHub sends with a body.
	 * @param event the name of the event
	 * @param id the delivery's id
	 * @param body the body
	 * @return the headers, to be changed at will
	 */
	public Map<String, String> githubsHeaders(String event, UUID id, byte[] body) {
		Map<String, String> headers = new HashMap<>();
		headers.put("Content-Type", "application/json");
		headers.put("X-GitHub-Event", event);
		headers.put("X-GitHub-Delivery", id.toString());
		headers.put("X-Hub-Signature-256", this.signature.sign(body));
		return headers;
	}

	public Answer deliver(String event, UUID id, String body) {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		return deliver(githubsHeaders(event, id, bytes), bytes);
	}

	public Answer deliver(Map<String, String> headers, byte[] body) {
		return send("POST", "/webhooks/github", headers, BodyPublishers.ofByteArray(body));
	}

	public Answer deliverChunked(Map<String, String> headers, byte[] body) {
		return send("POST", "/webhooks/github", headers,
				BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
	}

	/**
	 * Delivers, and waits until the delivery is processed.
	 * @param event the name of the event
	 * @param body the body
	 * @return the delivery's id
	 */
	public UUID deliverAndAwait(String event, String body) {
		UUID id = UUID.randomUUID();
		assertThat(deliver(event, id, body).status()).isEqualTo(202);
		awaitStatus(id, "PROCESSED");
		return id;
	}

	public void awaitStatus(UUID id, String status) {
		await().until(() -> get("/deliveries/" + id).json().path("status").asText(), status::equals);
	}

	public Answer get(String path) {
		return send("GET", path, Map.of(), BodyPublishers.noBody());
	}

	public Answer asAdmin(String method, String path) {
		return send(method, path, Map.of("X-Admin-Token", SampleTest.ADMIN_TOKEN), BodyPublishers.noBody());
	}

	public Answer send(String method, String path, Map<String, String> headers, BodyPublisher body) {
		URI uri = URI.create("http://localhost:" + this.environment.getRequiredProperty("local.server.port") + path);
		HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, body);
		headers.forEach(request::header);
		try {
			return new Answer(this.http.send(request.build(), BodyHandlers.ofString()));
		}
		catch (IOException ex) {
			throw new AssertionError("No answer to " + method + " " + path, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	/**
	 * An answer of the application.
	 *
	 * @param response what came
	 */
	public record Answer(HttpResponse<String> response) {

		public int status() {
			return this.response.statusCode();
		}

		public JsonNode json() {
			try {
				return JSON.readTree(this.response.body());
			}
			catch (IOException ex) {
				throw new AssertionError("Not JSON: " + this.response.body(), ex);
			}
		}

		/**
		 * Asserts that this is an error as RFC 9457 describes it.
		 * @param status the status
		 */
		public void assertProblem(int status) {
			assertThat(this.response.body()).isNotEmpty();
			assertThat(status()).as(this.response.body()).isEqualTo(status);
			assertThat(this.response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(json().path("status").asInt()).isEqualTo(status);
		}

	}

}
