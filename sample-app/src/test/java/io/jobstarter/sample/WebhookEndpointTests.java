package io.jobstarter.sample;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the webhook endpoint refuses, and that it stores none of it.
 */
@SampleTest
@ContextConfiguration(initializers = OwnH2.class)
class WebhookEndpointTests {

	private static final byte[] BODY = Issue.unheardOf().json("opened").getBytes(StandardCharsets.UTF_8);

	private final UUID id = UUID.randomUUID();

	@Autowired
	private SampleClient client;

	@LocalServerPort
	private int port;

	@Test
	void refusesABodyWithoutASignature() {
		assertRefused(401, BODY, (headers) -> headers.remove("X-Hub-Signature-256"));
	}

	@Test
	void refusesABodyWithAnotherSignature() {
		assertRefused(401, BODY, (headers) -> headers.put("X-Hub-Signature-256", "sha256=" + "0".repeat(64)));
	}

	@Test
	void refusesWhatIsNotASignature() {
		assertRefused(401, BODY, (headers) -> headers.put("X-Hub-Signature-256", "sha256=zzz"));
	}

	@Test
	void refusesABodyThatWasChangedOnItsWay() {
		Map<String, String> headers = this.client.githubsHeaders("issues", this.id, BODY);
		byte[] changed = BODY.clone();
		changed[changed.length - 1] = ' ';
		this.client.deliver(headers, changed).assertProblem(401);
		assertNothingStored();
	}

	@Test
	void refusesADeliveryWithoutAnEvent() {
		assertRefused(400, BODY, (headers) -> headers.remove("X-GitHub-Event"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Issues", "is sues", "../issues", "<b>", "issues;drop table delivery" })
	void refusesWhatIsNotTheNameOfAnEvent(String event) {
		assertRefused(400, BODY, (headers) -> headers.put("X-GitHub-Event", event));
	}

	@Test
	void refusesADeliveryWithoutAnId() {
		assertRefused(400, BODY, (headers) -> headers.remove("X-GitHub-Delivery"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1-1-1-1-1", "42", "not-a-uuid", "72d3162e-cc78-11e3-81ab-4c9367dc0958x" })
	void refusesADeliveryWhoseIdIsNotAUuid(String header) {
		assertRefused(400, BODY, (headers) -> headers.put("X-GitHub-Delivery", header));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "null", "{} {}", "{\"a\":1,\"a\":2}", "{\"a\":\"\0\"}" })
	void refusesASignedBodyThatIsNotOneJsonObject(String body) {
		assertRefused(400, body.getBytes(StandardCharsets.UTF_8), (headers) -> {
		});
	}

	@Test
	void refusesNestingWithoutEnd() {
		String deep = "{\"a\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}";
		assertRefused(400, deep.getBytes(StandardCharsets.UTF_8), (headers) -> {
		});
	}

	@Test
	void refusesBytesThatAreNotUtf8() {
		assertRefused(400, new byte[] { '{', '"', (byte) 0xFF, '"', ':', '1', '}' }, (headers) -> {
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x",
			"nonsense" })
	void refusesOtherContentTypes(String type) {
		assertRefused(415, BODY, (headers) -> headers.put("Content-Type", type));
	}

	@Test
	void refusesABodyWithoutAContentType() {
		assertRefused(415, BODY, (headers) -> headers.remove("Content-Type"));
	}

	@Test
	void takesJsonWithACharset() {
		Map<String, String> headers = this.client.githubsHeaders("ping", this.id, BODY);
		headers.put("Content-Type", "application/json; charset=utf-8");
		assertThat(this.client.deliver(headers, BODY).status()).isEqualTo(202);
	}

	@Test
	void refusesABodyThatIsTooLarge() {
		assertRefused(413, tooLarge(), (headers) -> {
		});
	}

	@Test
	void refusesABodyThatTurnsOutToBeTooLarge() {
		byte[] body = tooLarge();
		this.client.deliverChunked(this.client.githubsHeaders("issues", this.id, body), body).assertProblem(413);
		assertNothingStored();
	}

	@Test
	void refusesABodyThatIsNotChunkedAsItSays() throws IOException {
		String request = String.join("\r\n", "POST /webhooks/github HTTP/1.1", "Host: localhost",
				"Content-Type: application/json", "X-GitHub-Event: issues", "X-GitHub-Delivery: " + this.id,
				"X-Hub-Signature-256: sha256=" + "0".repeat(64), "Transfer-Encoding: chunked", "Connection: close", "",
				"not a length", "");
		try (Socket socket = new Socket("localhost", this.port)) {
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith("HTTP/1.1 400");
		}
		assertNothingStored();
	}

	@Test
	void takesABodyAsLargeAsAllowed() {
		byte[] body = ("{\"a\":\"" + "x".repeat((1 << 20) - 8) + "\"}").getBytes(StandardCharsets.UTF_8);
		assertThat(body).hasSize(1 << 20);
		assertThat(this.client.deliverChunked(this.client.githubsHeaders("ping", this.id, body), body).status())
			.isEqualTo(202);
		this.client.awaitStatus(this.id, "PROCESSED");
	}

	@Test
	void refusesOtherMethods() {
		this.client.get("/webhooks/github").assertProblem(405);
	}

	@Test
	void knowsNoOtherDeliveries() {
		this.client.get("/deliveries/" + UUID.randomUUID()).assertProblem(404);
		this.client.get("/deliveries/not-a-uuid").assertProblem(400);
	}

	@Test
	void showsNoSecretAndNoBody() {
		this.client.deliverAndAwait("issues", Issue.unheardOf().titled("A private title").json("labeled"));
		for (String path : new String[] { "/deliveries/summary", "/actuator/jobs", "/actuator/deadletters",
				"/actuator/jobqueues", "/actuator/jobworkers", "/actuator/jobbreakers", "/actuator/health",
				"/actuator/info", "/actuator/prometheus" }) {
			SampleClient.Answer answer = this.client.get(path);
			assertThat(answer.status()).as(path).isEqualTo(200);
			assertThat(answer.response().body()).as(path)
				.doesNotContain(SampleTest.WEBHOOK_SECRET, SampleTest.ADMIN_TOKEN, "A private title");
		}
	}

	@Test
	void measuresItsJobs() {
		this.client.deliverAndAwait("ping", "{}");
		await().untilAsserted(() -> assertThat(this.client.get("/actuator/prometheus").response().body())
			.contains("background_jobs_execution_seconds")
			.contains("job_name=\"process-delivery\""));
	}

	private static byte[] tooLarge() {
		return ("{\"a\":\"" + "x".repeat(3 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);
	}

	private void assertRefused(int status, byte[] body, Consumer<Map<String, String>> change) {
		Map<String, String> headers = this.client.githubsHeaders("issues", this.id, body);
		change.accept(headers);
		this.client.deliver(headers, body).assertProblem(status);
		assertNothingStored();
	}

	private void assertNothingStored() {
		this.client.get("/deliveries/" + this.id).assertProblem(404);
	}

}
