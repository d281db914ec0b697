package io.jobstarter.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.jobstarter.BackgroundJob;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.sample.SampleApplication;
import io.jobstarter.sample.webhook.GithubSignature;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * The sample application, to which GitHub delivers all the time, and what goes wrong with
 * it in a rehearsal.
 */
final class SampleUnderLoad implements AutoCloseable {

	private static final String TOKEN = "admin-token-of-the-rehearsal";

	private static final String ISSUE = """
			{"action": "opened",
			 "issue": {"id": %d, "number": 1, "title": "Rehearsal", "state": "open",
			           "updated_at": "2025-01-01T00:00:00Z"},
			 "repository": {"id": 1, "full_name": "harbour/rehearsal", "private": false,
			                "updated_at": "2025-01-01T00:00:00Z"},
			 "sender": {"id": 1, "login": "ada"}}
			""";

	// What the sample cannot read, so that its job dies at once.
	private static final String POISON = "{\"action\": \"opened\", \"issue\": 7}";

	private final HttpClient http = HttpClient.newHttpClient();

	private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

	private final List<JobId> unserved = new ArrayList<>();

	private final ConfigurableApplicationContext context;

	private final GithubSignature signature;

	private volatile boolean poisoned;

	/**
	 * Starts the application, and delivers to it.
	 * @param url its database
	 * @param deliveries how many deliveries there are in a second
	 */
	SampleUnderLoad(String url, int deliveries) {
		this.context = new SpringApplicationBuilder(SampleApplication.class, Unserved.class).run("--server.port=0",
				"--spring.datasource.url=" + url, "--spring.main.banner-mode=off", "--logging.level.root=error",
				"--logging.level.io.jobstarter=off", "--background-jobs.metrics.refresh=500ms",
				"--sample.admin-token=" + TOKEN, "--sample.downstream.retry-delay=200ms",
				"--background-jobs.metrics.buckets=1s,10s,60s",
				"--resilience4j.circuitbreaker.instances.downstream.sliding-window-size=5",
				"--resilience4j.circuitbreaker.instances.downstream.minimum-number-of-calls=5",
				"--resilience4j.circuitbreaker.instances.downstream.wait-duration-in-open-state=1s");
		this.signature = this.context.getBean(GithubSignature.class);
		this.clock.scheduleAtFixedRate(this::deliver, 0, TimeUnit.SECONDS.toMicros(1) / deliveries,
				TimeUnit.MICROSECONDS);
	}

	int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	/**
	 * Lets everything go wrong: the downstream system is broken, some deliveries cannot
	 * be read, somebody pauses a queue, and a job waits in a queue that no node serves.
	 */
	void breakDown() {
		downstream("FAIL");
		this.poisoned = true;
		this.context.getBean(JobOperations.class).pause("default", "rehearsal");
		this.unserved.add(this.context.getBean(JobClient.class).enqueue(new WaitForNobody()).id());
	}

	/**
	 * Mends everything, and discards the dead letters.
	 */
	void mend() {
		downstream("OK");
		this.poisoned = false;
		JobOperations operations = this.context.getBean(JobOperations.class);
		operations.resume("default");
		this.unserved.forEach(operations::cancel);
		this.unserved.clear();
		discardDeadLetters();
	}

	/**
	 * Discards the dead letters that there are now.
	 */
	void discardDeadLetters() {
		JobOperations operations = this.context.getBean(JobOperations.class);
		operations.deadLetters(DeadLetterFilter.OPEN, null, JobOperations.MAX_PAGE_SIZE)
			.items()
			.forEach((letter) -> operations.discard(letter.id()));
	}

	private void downstream(String mode) {
		send(HttpRequest.newBuilder(uri("/downstream/mode?mode=" + mode))
			.header("X-Admin-Token", TOKEN)
			.PUT(BodyPublishers.noBody()));
	}

	private void deliver() {
		boolean poison = this.poisoned && ThreadLocalRandom.current().nextBoolean();
		String body = poison ? POISON : ISSUE.formatted(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
		try {
			send(HttpRequest.newBuilder(uri("/webhooks/github"))
				.header("Content-Type", "application/json")
				.header("X-GitHub-Event", "issues")
				.header("X-GitHub-Delivery", UUID.randomUUID().toString())
				.header(GithubSignature.HEADER, this.signature.sign(body.getBytes(StandardCharsets.UTF_8)))
				.POST(BodyPublishers.ofString(body)));
		}
		catch (UncheckedIOException ex) {
			// The application stops; as with GitHub, nobody delivers again.
		}
	}

	private URI uri(String path) {
		return URI.create("http://localhost:" + port() + path);
	}

	private void send(HttpRequest.Builder request) {
		try {
			HttpResponse<String> response = this.http.send(request.build(), BodyHandlers.ofString());
			if (response.statusCode() >= 400) {
				throw new UncheckedIOException(new IOException(response.statusCode() + ": " + response.body()));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.clock.shutdownNow();
		this.context.close();
	}

	/**
	 * Waits in a queue that no node serves.
	 */
	record WaitForNobody() {
	}

	/**
	 * A queue that no node serves.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Unserved {

		@BackgroundJob(queue = "unserved")
		void waitForNobody(WaitForNobody job) {
		}

	}

}
