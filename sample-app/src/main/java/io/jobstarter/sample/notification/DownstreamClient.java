package io.jobstarter.sample.notification;

import java.net.URI;

import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * The downstream system's HTTP interface. Its timeouts are those of
 * {@code spring.http.client}.
 */
@Component
class DownstreamClient {

	private static final String PATH = "/notifications";

	private final RestClient http;

	private final DownstreamProperties properties;

	private final Environment environment;

	DownstreamClient(RestClient.Builder http, DownstreamProperties properties, Environment environment) {
		this.http = http.build();
		this.properties = properties;
		this.environment = environment;
	}

	/**
	 * Notifies, once.
	 * @param notification what to tell
	 * @param idempotencyKey what tells the other side that it has heard this before
	 * @throws org.springframework.web.client.RestClientException if the answer is not 2xx
	 */
	void send(NotifyDownstream notification, String idempotencyKey) {
		this.http.post()
			.uri(address())
			.contentType(MediaType.APPLICATION_JSON)
			.header("Idempotency-Key", idempotencyKey)
			.body(notification)
			.retrieve()
			.onStatus(HttpStatusCode::is3xxRedirection, (request, response) -> {
				// RestClient takes a redirect that it does not follow for a success.
				throw new ResourceAccessException("The downstream system redirects, which is not followed");
			})
			.toBodilessEntity();
	}

	private URI address() {
		URI base = this.properties.baseUrl();
		// Our own port is known only when the server runs.
		return URI.create(((base != null) ? base.toString()
				: "http://localhost:" + this.environment.getRequiredProperty("local.server.port") + "/downstream")
				+ PATH);
	}

}
