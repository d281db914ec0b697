package io.jobstarter.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an operator finds of a delivery in the traces and in the log, with OpenTelemetry
 * and the fields of the Elastic Common Schema.
 */
@SampleTest
@ContextConfiguration(initializers = OwnH2.class)
class TraceTests {

	private static final ObjectMapper JSON = new ObjectMapper();

	@Autowired
	private SampleClient client;

	@Autowired
	private SampleJobs jobs;

	@Autowired
	private SampleTraces traces;

	@BeforeEach
	void settle() {
		await().until(() -> this.jobs.unfinished().isEmpty());
		this.traces.forget();
	}

	@Test
	void aDeliveryIsOneTraceFromTheRequestToTheLastAttempt() throws IOException {
		behave("fail");
		this.client.deliverAndAwait("issues", Issue.unheardOf().json("opened"));
		await().until(() -> this.traces.named("job notify-downstream").size() > 1);
		behave("ok");
		await().until(() -> this.jobs.unfinished().isEmpty());

		SpanData request = this.traces.named("http post /webhooks/github").get(0);
		SpanData enqueue = childOf(request, "enqueue process-delivery", SpanKind.PRODUCER);
		SpanData attempt = childOf(enqueue, "job process-delivery", SpanKind.CONSUMER);
		SpanData notification = childOf(attempt, "enqueue notify-downstream", SpanKind.PRODUCER);
		SpanData first = childOf(notification, "job notify-downstream", SpanKind.CONSUMER);
		assertThat(first.getLinks()).isEmpty();
		List<SpanData> retries = this.traces.named("job notify-downstream");
		assertThat(retries.subList(1, retries.size())).isNotEmpty().allSatisfy((retry) -> {
			assertThat(retry.getParentSpanId()).isEqualTo(notification.getSpanId());
			assertThat(retry.getLinks()).extracting(LinkData::getSpanContext)
				.extracting((linked) -> linked.getTraceId() + "/" + linked.getSpanId())
				.containsExactly(first.getTraceId() + "/" + first.getSpanId());
		});
		assertThatTheLogNames(first);
	}

	private static void assertThatTheLogNames(SpanData attempt) throws IOException {
		JsonNode line = lines().stream()
			.filter((entry) -> entry.path("spanId").asText().equals(attempt.getSpanId()))
			.filter((entry) -> entry.path("message").asText().contains("failed and is tried again"))
			.findFirst()
			.orElseThrow();
		assertThat(line.path("log").path("level").asText()).isEqualTo("WARN");
		assertThat(line.path("log").path("logger").asText()).isEqualTo("io.jobstarter.jobs");
		assertThat(line.path("traceId").asText()).isEqualTo(attempt.getTraceId());
		assertThat(line.path("jobName").asText()).isEqualTo("notify-downstream");
		assertThat(line.path("queue").asText()).isEqualTo("notifications");
		assertThat(line.path("attempt").asText()).isEqualTo("1");
		assertThat(line.path("jobId").asText()).matches("\\d+");
		assertThat(line.path("worker").asText()).matches("\\d+");
	}

	// Each line is an object, whatever exceptions say.
	private static List<JsonNode> lines() throws IOException {
		return Files.readAllLines(Path.of(SampleTest.LOG_FILE)).stream().map((line) -> {
			try {
				return JSON.readTree(line);
			}
			catch (IOException ex) {
				throw new AssertionError("Not a JSON object: " + line, ex);
			}
		}).toList();
	}

	private SpanData childOf(SpanData parent, String name, SpanKind kind) {
		return this.traces.named(name)
			.stream()
			.filter((span) -> span.getParentSpanId().equals(parent.getSpanId()))
			.filter((span) -> span.getTraceId().equals(parent.getTraceId()) && span.getKind() == kind)
			.findFirst()
			.orElseThrow(() -> new AssertionError("No span " + name + " below " + parent.getName()));
	}

	private void behave(String mode) {
		assertThat(this.client.asAdmin("PUT", "/downstream/mode?mode=" + mode).status()).isEqualTo(200);
	}

}
