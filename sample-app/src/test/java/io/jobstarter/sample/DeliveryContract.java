package io.jobstarter.sample;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.JobId;
import io.jobstarter.sample.delivery.DeliveryInbox;
import io.jobstarter.sample.delivery.IncomingDelivery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The way of a delivery from GitHub to the tables, which is the same on every database.
 */
abstract class DeliveryContract {

	@Autowired
	private SampleClient client;

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private TransactionTemplate transaction;

	@Autowired
	private DeliveryInbox inbox;

	@Autowired
	private SampleJobs jobs;

	@Test
	void processesADelivery() {
		Issue issue = Issue.unheardOf().titled("The lamp is out");
		this.client.deliverAndAwait("issues", issue.json("opened"));
		assertThat(row(issue)).containsEntry("title", "The lamp is out").containsEntry("state", "open");
	}

	@Test
	void processesWhatItDoesNotProject() {
		this.client.deliverAndAwait("ping", "{\"zen\":\"Keep it logically awesome.\"}");
	}

	@Test
	void storesEventsThatItDoesNotKnow() {
		UUID id = UUID.randomUUID();
		SampleClient.Answer answer = this.client.deliver("coffee_break", id, "{}");
		assertThat(answer.status()).isEqualTo(202);
		assertThat(this.client.get("/deliveries/" + id).json().path("status").asText()).isEqualTo("IGNORED");
		assertThat(summary("coffee_break").path("ignored").asLong()).isPositive();
	}

	@Test
	void recognisesARedelivery() {
		Issue issue = Issue.unheardOf();
		UUID id = this.client.deliverAndAwait("issues", issue.json("opened"));
		SampleClient.Answer again = this.client.deliver("issues", id, issue.json("opened"));
		assertThat(again.status()).isEqualTo(202);
		assertThat(again.json().path("duplicate").asBoolean()).isTrue();
		assertThat(this.client.get("/deliveries/" + id).json().path("duplicates").asInt()).isEqualTo(1);
	}

	@Test
	void recognisesRedeliveriesThatComeAtTheSameTime() throws Exception {
		int posts = 8;
		long before = accepted();
		UUID id = UUID.randomUUID();
		String body = Issue.unheardOf().json("opened");
		CyclicBarrier together = new CyclicBarrier(posts);
		List<SampleClient.Answer> answers = inParallel(Collections.nCopies(posts, () -> {
			together.await();
			return this.client.deliver("issues", id, body);
		}));
		assertThat(answers).extracting(SampleClient.Answer::status).containsOnly(202);
		assertThat(answers).filteredOn((answer) -> !answer.json().path("duplicate").asBoolean()).hasSize(1);
		assertThat(this.client.get("/deliveries/" + id).json().path("duplicates").asInt()).isEqualTo(posts - 1);
		this.client.awaitStatus(id, "PROCESSED");
		awaitQuiet();
		assertThat(accepted()).isEqualTo(before + 1);
	}

	@Test
	void leavesNothingBehindWhenTheTransactionIsRolledBack() {
		UUID id = UUID.randomUUID();
		Issue issue = Issue.unheardOf();
		awaitQuiet();
		JobId newest = this.jobs.newest();
		this.transaction.executeWithoutResult((status) -> {
			this.inbox.accept(new IncomingDelivery(id, "issues", issue.json("opened")));
			status.setRollbackOnly();
		});
		this.client.get("/deliveries/" + id).assertProblem(404);
		assertThat(this.jobs.newest()).isEqualTo(newest);
	}

	@Test
	void keepsTheNewestStateWhenDeliveriesComeOutOfOrder() {
		Issue issue = Issue.unheardOf();
		this.client.deliverAndAwait("issues", issue.closedAt("2025-01-01T00:00:09Z").json("closed"));
		this.client.deliverAndAwait("issues", issue.openAt("2025-01-01T00:00:05Z").json("opened"));
		assertThat(row(issue)).containsEntry("state", "closed");
		this.client.deliverAndAwait("issues", issue.openAt("2025-01-01T00:00:10Z").json("reopened"));
		assertThat(row(issue)).containsEntry("state", "open");
	}

	@Test
	void keepsWhatWasDeletedDeleted() {
		Issue issue = Issue.unheardOf();
		this.client.deliverAndAwait("issues", issue.openAt("2025-01-01T00:00:05Z").json("deleted"));
		this.client.deliverAndAwait("issues", issue.openAt("2025-01-01T00:00:09Z").json("labeled"));
		assertThat(row(issue)).containsEntry("state", "gone");
	}

	@Test
	void findsTheNewestStateOfManyDeliveriesAtTheSameTime() throws Exception {
		Issue issue = Issue.unheardOf();
		List<String> bodies = IntStream.range(0, 30)
			.mapToObj((second) -> issue.titled("Title " + second)
				.openAt("2025-01-01T00:00:%02dZ".formatted((second * 7) % 30))
				.json("edited"))
			.toList();
		List<UUID> ids = inParallel(bodies.stream().<Callable<UUID>>map((body) -> () -> {
			UUID id = UUID.randomUUID();
			assertThat(this.client.deliver("issues", id, body).status()).isEqualTo(202);
			return id;
		}).toList());
		ids.forEach((id) -> this.client.awaitStatus(id, "PROCESSED"));
		// 17 times 7 is 119, and 29 modulo 30.
		assertThat(row(issue)).containsEntry("title", "Title 17");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "a\\u0000b", "a\\ud800b", "\\udc00", "\u202eright to left", "\ud83d\ude80", "\\\"; drop--" })
	void storesTextsThatADatabaseCannotHold(String title) {
		Issue issue = Issue.unheardOf().titled(title);
		this.client.deliverAndAwait("issues", issue.json("opened"));
		assertThat(row(issue)).containsEntry("state", "open");
	}

	@Test
	void cutsTextsThatAreTooLong() {
		Issue issue = Issue.unheardOf().titled("\ud83d\ude80".repeat(5000));
		this.client.deliverAndAwait("issues", issue.json("opened"));
		assertThat((String) row(issue).get("title")).hasSize(1024);
	}

	@Test
	void buriesAPayloadThatItCannotRead() {
		UUID id = UUID.randomUUID();
		assertThat(this.client.deliver("issues", id, "{\"action\":\"opened\",\"issue\":7}").status()).isEqualTo(202);
		assertThat(this.jobs.awaitDeadLetter(id).attempts()).isEqualTo(1);
		assertThat(this.client.get("/deliveries/" + id).json().path("status").asText()).isEqualTo("WAITING");
	}

	@Test
	void replaysADeliveryWithoutTellingTheWorldAgain() {
		Issue issue = Issue.unheardOf();
		UUID id = this.client.deliverAndAwait("issues", issue.json("opened"));
		awaitQuiet();
		long before = accepted();
		this.jdbc.update("delete from github_issue where id = ?", issue.id());
		SampleClient.Answer answer = this.client.asAdmin("POST", "/deliveries/" + id + "/replay");
		assertThat(answer.status()).isEqualTo(202);
		await().untilAsserted(() -> assertThat(
				this.jdbc.queryForList("select state from github_issue where id = ?", String.class, issue.id()))
			.containsExactly("open"));
		awaitQuiet();
		assertThat(accepted()).isEqualTo(before);
	}

	@Test
	void countsDeliveriesByEvent() {
		// No other test has a delivery of this event.
		String event = "security_and_analysis";
		UUID id = this.client.deliverAndAwait(event, "{}");
		this.client.deliver(event, id, "{}");
		JsonNode summary = summary(event);
		assertThat(summary.path("received").asLong()).isEqualTo(1);
		assertThat(summary.path("processed").asLong()).isEqualTo(1);
		assertThat(summary.path("ignored").asLong()).isZero();
		assertThat(summary.path("waiting").asLong()).isZero();
		assertThat(summary.path("duplicates").asLong()).isEqualTo(1);
	}

	private static <T> List<T> inParallel(List<Callable<T>> calls) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(Math.min(calls.size(), 8));
		try {
			List<T> results = new ArrayList<>();
			for (Future<T> result : threads.invokeAll(calls)) {
				results.add(result.get());
			}
			return results;
		}
		finally {
			threads.shutdown();
		}
	}

	private void awaitQuiet() {
		await().until(() -> this.jobs.unfinished(), List::isEmpty);
	}

	private Map<String, Object> row(Issue issue) {
		return this.jdbc.queryForMap("select title, state from github_issue where id = ?", issue.id());
	}

	private JsonNode summary(String event) {
		for (JsonNode line : this.client.get("/deliveries/summary").json()) {
			if (line.path("event").asText().equals(event)) {
				return line;
			}
		}
		throw new AssertionError("No line for " + event);
	}

	private long accepted() {
		return this.client.get("/downstream/notifications").json().path("accepted").asLong();
	}

}
