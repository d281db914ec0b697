package io.jobstarter.sample.replay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

import io.jobstarter.sample.delivery.DeliveryView;
import io.jobstarter.sample.webhook.GithubSignature;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactorySettings;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/**
 * Talks to this very application over HTTP, as GitHub does.
 */
@Component
class WebhookClient {

	// Not that of "spring.http.client", which is how long the downstream system may take:
	// what is not answered in time counts as lost.
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final RestClient http;

	private final GithubSignature signature;

	private final Environment environment;

	WebhookClient(RestClient.Builder http, GithubSignature signature, Environment environment) {
		this.http = http
			.requestFactory(ClientHttpRequestFactoryBuilder.detect()
				.build(ClientHttpRequestFactorySettings.defaults().withReadTimeout(PATIENCE)))
			.build();
		this.signature = signature;
		this.environment = environment;
	}

	void post(Post post) {
		byte[] body = post.payload().json().getBytes(StandardCharsets.UTF_8);
		this.http.post()
			.uri("http://localhost:{port}/webhooks/github", port())
			.contentType(MediaType.APPLICATION_JSON)
			.header(GithubSignature.HEADER, this.signature.sign(body))
			.header("X-GitHub-Event", post.payload().event())
			.header("X-GitHub-Delivery", post.deliveryId().toString())
			.body(body)
			.retrieve()
			.toBodilessEntity();
	}

	Optional<DeliveryView> find(UUID deliveryId) {
		try {
			return Optional.ofNullable(this.http.get()
				.uri("http://localhost:{port}/deliveries/{id}", port(), deliveryId)
				.retrieve()
				.body(DeliveryView.class));
		}
		catch (HttpClientErrorException.NotFound ex) {
			return Optional.empty();
		}
	}

	private String port() {
		// Known only when the server runs.
		return this.environment.getRequiredProperty("local.server.port");
	}

}
